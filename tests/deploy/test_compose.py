"""What Compose would run, held against the code: no container can be started where we build."""

from __future__ import annotations

import ipaddress as ip
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from django.core.management import get_commands, load_command_class
from django.test import Client
from django.urls import resolve

from ocrwell import settings
from ocrwell.accounts import plans
from ocrwell.jobs.models import Upload
from ocrwell.management import processes
from ocrwell.management.commands import serve
from tests.deploy import proxy

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text().replace("\\\n", " ")
PREPARED = {"prepare": {"condition": "service_completed_successfully"}}
# What sits beside the processes of the stack: Django in the main process, and what a page takes
# while it is rendered.
BESIDE_MB = 1000


class Loader(yaml.SafeLoader):
    """With Compose's own tags, which say how two files are put together."""


Loader.add_constructor("!override", lambda loader, node: [each.value for each in node.value])
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
NODES: dict[str, Any] = yaml.safe_load((ROOT / "deploy/nodes.yml").read_text())
NODE: dict[str, Any] = yaml.load((ROOT / "deploy/node.yml").read_text(), Loader)  # noqa: S506
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {
    name: service
    for name, service in SERVICES.items()
    if service.get("build", {}).get("target") in ("cpu", "gpu")
}
READERS = [name for name, service in OURS.items() if service["command"] == ["run", "ocr"]]
PROBED = [name for name, service in SERVICES.items() if "healthcheck" in service]


def variables(service: dict[str, Any]) -> dict[str, str]:
    """A service's settings, with our image's own."""
    image = dict(re.findall(r"(OCRWELL_\w+)=(\S+)", DOCKERFILE))
    return image | {k: v for k, v in service["environment"].items() if k.startswith("OCRWELL_")}


def read_by_the_code() -> set[str]:
    """The names of all settings, those of secrets also as files."""
    text = (ROOT / "ocrwell/settings.py").read_text()
    secret = re.findall(r'env\.(?:secret|postgres)\(\s*"(OCRWELL_\w+)"', text)
    return {*re.findall(r'"(OCRWELL_\w+)"', text), *(f"{name}_FILE" for name in secret)}


def megabytes(size: str) -> int:
    found = re.fullmatch(r"(\d+)([mg])", size)
    assert found, size
    return int(found[1]) * {"m": 1, "g": 1024}[found[2]]


def seconds(text: str) -> int:
    assert re.fullmatch(r"\d+s", text)
    return int(text[:-1])


def names(listed: list[str] | dict[str, Any]) -> set[str]:
    return set(listed)


def test_every_process_of_the_stack_has_a_service_and_nothing_else_is_run() -> None:
    run = {tuple(service["command"]) for service in OURS.values()}
    assert run == {("prepare",), *(("run", name) for name in processes.NAMES)}
    assert [part.arguments for part in serve.parts()] == [
        processes.arguments(name) for name in processes.NAMES
    ]


@pytest.mark.parametrize("name", OURS)
def test_every_command_of_ours_is_understood(name: str) -> None:
    command, *arguments = OURS[name]["command"]
    understand(command, arguments)
    assert DOCKERFILE.count('ENTRYPOINT ["python", "manage.py"]') == 1


def understand(command: str, arguments: list[str]) -> None:
    loaded = load_command_class(get_commands()[command], command)
    loaded.create_parser("manage.py", command).parse_args(arguments)


@pytest.mark.parametrize("name", OURS)
def test_every_setting_is_one_that_the_code_reads(name: str) -> None:
    assert variables(OURS[name]).keys() <= read_by_the_code()


def test_only_ours_have_our_settings() -> None:
    for name in SERVICES.keys() - OURS.keys():
        assert "OCRWELL" not in str(SERVICES[name])


@pytest.mark.parametrize("name", SERVICES)
def test_every_secret_that_is_read_is_given(name: str) -> None:
    """And none besides: whoever breaks into a service finds its own."""
    service = SERVICES[name]
    text = str({key: value for key, value in service.items() if key != "secrets"})
    if name == "proxy":
        text += proxy.TEMPLATE.read_text()
    read = set(re.findall(r"/run/secrets/([\w.]+\w)", text))
    assert read == set(service.get("secrets", []))
    assert read <= COMPOSE["secrets"].keys()


def test_the_secrets_are_made_and_fit_together(tmp_path: Path) -> None:
    made = tmp_path / "secrets"
    script = ["sh", str(ROOT / "deploy/secrets.sh"), str(made)]
    subprocess.run(script, check=True)
    said = {file.name: file.read_text() for file in made.iterdir()}
    wanted = {Path(each["file"]) for each in COMPOSE["secrets"].values()}
    assert {each.parent for each in wanted} == {Path("secrets")}
    assert {each.name for each in wanted} == {*said, "tls.crt", "tls.key"}
    database, redis = urlsplit(said["database_url"]), urlsplit(said["redis_url"])
    given = SERVICES["postgres"]["environment"]
    assert (database.hostname, database.port) == ("postgres", 5432)
    assert (database.username, database.path) == (
        given["POSTGRES_USER"],
        f"/{given['POSTGRES_DB']}",
    )
    assert database.password == said["postgres_password"]
    assert (redis.hostname, redis.port, redis.password) == ("redis", 6379, said["redis_password"])
    assert said["redis_conf"] == f"requirepass {said['redis_password']}"
    assert made.stat().st_mode & 0o777 == 0o700
    subprocess.run(script, check=True)
    assert said == {file.name: file.read_text() for file in made.iterdir()}


def test_the_services_agree_on_the_store() -> None:
    given, door = variables(SERVICES["web"]), SERVICES["proxy"]["environment"]
    assert given["OCRWELL_S3_BUCKET"] == door["BUCKET"]
    assert given["OCRWELL_DEEPREAD_HOSTS"] == door["DEEPREAD_HOST"]
    assert door["DEEPREAD_HOST"] in door["SERVER_NAMES"]
    assert given["OCRWELL_S3_ENDPOINT"] == f"http://{door['STORE']}"
    assert given["OCRWELL_S3_PUBLIC_ENDPOINT"].startswith("https://${PUBLIC_HOST")
    assert door["SERVER_NAMES"].startswith("${PUBLIC_HOST}")
    store = SERVICES["minio"]["environment"]
    assert store["MINIO_ROOT_USER_FILE"] == given["OCRWELL_S3_ACCESS_KEY_FILE"]
    assert store["MINIO_ROOT_PASSWORD_FILE"] == given["OCRWELL_S3_SECRET_KEY_FILE"]
    # What is asked to be encrypted needs a key.
    assert "MINIO_KMS_SECRET_KEY_FILE" in store
    assert given["OCRWELL_S3_ENCRYPT"] == "true"


def test_who_signs_has_the_key_of_who_checks() -> None:
    """Links to files are signed where webhooks are sent, too."""
    keys = {name: variables(SERVICES[name]).get("OCRWELL_SECRET_KEY_FILE") for name in OURS}
    assert {name for name, key in keys.items() if key} == {"web", "io"}
    assert keys["web"] == keys["io"]


@pytest.mark.parametrize("name", OURS)
def test_all_of_ours_have_the_same_servers(name: str) -> None:
    def shared(service: dict[str, Any]) -> set[tuple[str, str]]:
        words = ("_DATABASE_URL", "_REDIS_URL", "_S3_")
        return {each for each in variables(service).items() if any(w in each[0] for w in words)}

    assert shared(OURS[name]) == shared(SERVICES["web"])


def test_the_upload_urls_of_the_store_pass_the_proxy() -> None:
    (pattern,) = re.findall(r'location ~ "(.*)"', proxy.TEMPLATE.read_text())
    bucket = SERVICES["proxy"]["environment"]["BUCKET"]
    assert re.search(pattern.replace("${BUCKET}", bucket), f"/{bucket}/{Upload().key}")


def test_the_proxy_has_all_values_and_reaches_what_listens() -> None:
    door, template = SERVICES["proxy"], proxy.TEMPLATE.read_text()
    given = door["environment"]
    assert set(re.findall(r"\$\{(\w+)\}", template)) - {"NGINX_LOCAL_RESOLVERS"} == {
        name for name in given if not name.startswith("NGINX_")
    }
    assert given["WEB"] == f"web:{settings.PORT}"
    assert variables(SERVICES["web"])["OCRWELL_HOST"] == "0.0.0.0"  # noqa: S104
    largest = max(plan["max_file_mb"] for plan in plans.PUBLISHED)
    assert f"client_max_body_size {largest + 1}m;" in template
    assert f"client_max_body_size {settings.MAX_FILE_BYTES // 2**20 + 1}m;" in template
    (mount,) = door["volumes"]
    assert (ROOT / mount.split(":")[0]).samefile(proxy.TEMPLATE)


def test_only_the_proxy_is_believed_and_it_has_a_fixed_address() -> None:
    address = SERVICES["proxy"]["networks"]["front"]["ipv4_address"]
    assert variables(SERVICES["web"])["OCRWELL_TRUSTED_PROXIES"] == address
    (given,) = COMPOSE["networks"]["front"]["ipam"]["config"]
    reserved, others = (ip.ip_network(given[name]) for name in ("subnet", "ip_range"))
    assert ip.ip_address(address) in reserved
    assert ip.ip_address(address) not in others


def test_nothing_but_the_proxy_can_be_reached_from_outside() -> None:
    ports = {name: each["ports"] for name, each in SERVICES.items() if "ports" in each}
    inside = ports.pop("prometheus")
    assert ports == {"proxy": ["443:8443"]}
    assert "listen 8443 ssl;" in proxy.TEMPLATE.read_text()
    assert all(port.startswith("127.0.0.1:") for port in inside)
    assert SERVICES["prometheus"]["profiles"] == ["monitoring"]


def test_nothing_but_proxy_webhooks_and_monitoring_can_call_out() -> None:
    closed = {name for name, each in COMPOSE["networks"].items() if (each or {}).get("internal")}
    calling = {name for name, each in SERVICES.items() if names(each["networks"]) - closed}
    assert calling == {"proxy", "io", "prometheus"}
    assert names(SERVICES["proxy"]["networks"]) == {"edge", "front"}
    for name in ("postgres", "redis"):
        assert SERVICES[name]["networks"] == ["servers"]


@pytest.mark.parametrize("name", SERVICES)
def test_every_image_is_pinned(name: str) -> None:
    image = SERVICES[name]["image"]
    tag = image.rpartition(":")[2]
    if "build" not in SERVICES[name]:
        assert re.match(r"v?\d+\.\d+(\.\d+)?(-|$)", tag)
    elif name in OURS:
        assert tag == settings.VERSION
    else:
        assert tag in DOCKERFILE


def test_the_targets_are_those_of_the_dockerfile() -> None:
    stages = re.findall(r"^FROM (\S+) AS (\S+)$", DOCKERFILE, re.M)
    built = {each["build"]["target"] for each in SERVICES.values() if "build" in each}
    assert built == {"cpu", "gpu", "minio"}
    assert built <= {stage for _, stage in stages}
    assert stages[-1][1] == "cpu"  # what is built when no target is named
    sources = dict(re.findall(r"^ARG (PYTHON|GO)=(\S+)$", DOCKERFILE, re.M))
    assert len(sources) == 2
    assert all(re.search(r":\d+\.\d+\.\d+-", source) for source in sources.values())
    known = {"${PYTHON}", "${GO}", *(stage for _, stage in stages)}
    assert {source for source, _ in stages} <= known
    for version in re.findall(r'image\.version="(.*?)"|ocrwell:(\S+)', DOCKERFILE):
        assert settings.VERSION in version


def test_the_images_have_the_whole_code_and_nothing_else() -> None:
    kept = re.findall("^!(.*)$", (ROOT / ".dockerignore").read_text(), re.M)
    copied = [each.split()[0] for each in re.findall("^COPY (?!--)(.*)$", DOCKERFILE, re.M)]
    assert set(kept) == set(copied)
    assert all((ROOT / name).exists() for name in kept)
    assert {"engine", "ocrwell", "workers"} <= set(kept)


def test_the_store_is_the_one_that_the_tests_use() -> None:
    (version,) = re.findall(r"MINIO_VERSION=(\S+)", DOCKERFILE)
    assert version in (ROOT / "bin/services").read_text()


def test_what_is_ours_runs_as_a_user_of_its_own() -> None:
    (uid,) = re.findall(r"useradd --uid (\d+)", DOCKERFILE)
    assert re.findall("^USER (.*)$", DOCKERFILE, re.M) == [f"{uid}:{uid}"] * 3
    for service in OURS.values():
        (place,) = [each for each in service["tmpfs"] if each.startswith("/var/lib")]
        assert place.startswith(variables(service)["OCRWELL_DATA_DIR"] + ":")
        assert f"uid={uid},gid={uid}" in place


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_may_more_than_it_must(name: str) -> None:
    service = SERVICES[name]
    assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["restart"] == ("no" if name == "prepare" else "unless-stopped")
    assert name in OURS or "mem_limit" in service


def test_redis_loses_nothing_and_refuses_when_it_is_full() -> None:
    command = SERVICES["redis"]["command"]
    for words in ("--appendonly yes", "--maxmemory-policy noeviction", '--save ""'):
        assert words in command
    (most,) = re.findall(r"--maxmemory (\d+)mb", command)
    # Twice while its log is rewritten.
    assert megabytes(SERVICES["redis"]["mem_limit"]) >= 2 * int(most)


@pytest.mark.parametrize("name", READERS)
def test_a_worker_is_replaced_before_it_is_killed(name: str) -> None:
    given = variables(OURS[name])
    assert "OCRWELL_WORKER_MAX_MB" not in given
    grown = int(given["OCRWELL_OCR_PROCESSES"]) * settings.CELERY_WORKER_MAX_MEMORY_PER_CHILD
    assert megabytes(OURS[name]["mem_limit"]) >= grown / 1024 + BESIDE_MB


def test_every_service_has_time_to_stop() -> None:
    assert set(READERS) == {"ocr", "ocr-gpu"}
    for name in ("web", "io", *READERS):
        assert seconds(SERVICES[name]["stop_grace_period"]) > serve.GRACE_SECONDS
    hook = settings.WEBHOOK_TIMEOUT.total_seconds()
    assert seconds(SERVICES["io"]["stop_grace_period"]) > 2 * hook


def test_everything_waits_for_what_it_needs() -> None:
    for name, service in OURS.items():
        if name != "prepare":
            assert service["depends_on"] == PREPARED
    waited = {*SERVICES["prepare"]["depends_on"], *SERVICES["proxy"]["depends_on"]}
    assert waited == {"postgres", "redis", "minio", "web"}
    for name in ("prepare", "proxy"):
        for each in SERVICES[name]["depends_on"].values():
            assert each == {"condition": "service_healthy"}
    assert waited <= set(PROBED)


@pytest.mark.parametrize("name", PROBED)
def test_every_health_check_asks_for_what_exists(name: str) -> None:
    kind, *test = SERVICES[name]["healthcheck"]["test"]
    assert kind in ("CMD", "CMD-SHELL")
    if test[:2] == ["python", "manage.py"]:
        understand(test[2], test[3:])
    for url in re.findall(r"http://[^\"\s]+", str(test)):
        asked = urlsplit(url)
        assert asked.hostname == "127.0.0.1"
        if name == "web":
            assert asked.port == settings.PORT
            assert resolve(asked.path)
        if name == "proxy":
            assert f"listen 127.0.0.1:{asked.port};" in proxy.TEMPLATE.read_text()


def test_every_volume_is_declared_and_every_mount_exists() -> None:
    used = set()
    for source in mounted():
        if source.startswith("./"):
            assert (ROOT / source).is_file()
        else:
            used.add(source)
    assert used == COMPOSE["volumes"].keys()


def mounted() -> Iterator[str]:
    for service in SERVICES.values():
        yield from (each.split(":")[0] for each in service.get("volumes", []))


def test_other_machines_find_the_servers_under_the_same_names() -> None:
    servers = {"postgres": 5432, "redis": 6379, "minio": 9000}
    for name, port in servers.items():
        (opened,) = NODES["services"][name]["ports"]
        assert re.fullmatch(rf"\$\{{NODES_ADDRESS(:\?.*)?\}}:{port}:{port}", opened)
    assert NODE["services"].keys() == set(READERS)
    for service in NODE["services"].values():
        assert {each.split(":")[0] for each in service["extra_hosts"]} == servers.keys()
    for added in (NODES, NODE):
        for service in added["services"].values():
            assert set(service["networks"]) == added["networks"].keys()


@pytest.mark.django_db
def test_the_alerts_ask_for_numbers_that_are_told(nobody: Client) -> None:
    told = nobody.get("/metrics").content.decode()
    rules = (ROOT / "deploy/alerts.yml").read_text()
    assert yaml.safe_load(rules)["groups"]
    asked = set(re.findall(r"\bocrwell_\w+", rules))
    assert asked
    assert {name for name in asked if f"# TYPE {name} " not in told} == set()
    (target,) = re.findall(r'targets: \["(.*)"\]', (ROOT / "deploy/prometheus.yml").read_text())
    assert target == f"web:{settings.PORT}"
