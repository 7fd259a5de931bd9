# The images of the service: `cpu` and `gpu` run every process of ours, `minio` is the store, whose
# makers publish its source only. Nothing is loaded from anywhere once they are built.
#
#   docker build --target cpu -t ocrwell:0.1.0 .          (docker-compose.yml does it for all three)

ARG PYTHON=python:3.11.15-slim-bookworm
ARG GO=golang:1.26.8-bookworm

FROM ${PYTHON} AS base
RUN groupadd --gid 10001 ocrwell \
    && useradd --uid 10001 --gid ocrwell --home-dir /tmp --no-create-home ocrwell \
    && install -d -m 700 -o ocrwell -g ocrwell /var/lib/ocrwell
ENV HOME=/tmp

FROM base AS packages
RUN python -m venv --without-pip /venv
COPY requirements.txt /
# --no-deps: the lock is complete, and it leaves out the OpenCV builds that need a display library.
RUN pip --python /venv/bin/python install --no-cache-dir --require-hashes --no-deps \
    -r /requirements.txt

# NVIDIA's libraries come as Python packages from the lock, too: one base for all images, and what
# is installed is what was resolved. The driver is the host's: 580 or newer, for CUDA 13.
FROM base AS gpu-packages
RUN python -m venv --without-pip /venv
COPY requirements-gpu.txt /
RUN pip --python /venv/bin/python install --no-cache-dir --require-hashes --no-deps \
    -r /requirements-gpu.txt

FROM base AS app
LABEL org.opencontainers.image.title="ocrwell" \
    org.opencontainers.image.description="Self-hosted OCR service: documents in, text and fields out" \
    org.opencontainers.image.version="0.1.0"
WORKDIR /app
COPY manage.py ./
COPY engine engine
COPY ocrwell ocrwell
COPY workers workers
RUN chmod -R a+rX . && python -m compileall -q .
# The last two are set by the code as well, before it imports what would call home.
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    OCRWELL_HOST=0.0.0.0 \
    OCRWELL_DATA_DIR=/var/lib/ocrwell \
    OCRWELL_LOG_FORMAT=json \
    ORT_DISABLE_TELEMETRY=1 \
    PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK=True
ENTRYPOINT ["python", "manage.py"]
CMD ["serve"]

# An image whose reader cannot read is not built. There is no GPU while it is built, so that one
# shows on the CPU that its weights and packages are whole.
FROM app AS gpu
COPY --from=gpu-packages /venv /venv
ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility
USER 10001:10001
RUN --network=none python -c "from engine import ocr; ocr.self_test(ocr.load())"

FROM ${GO} AS minio-build
ARG MINIO_VERSION=v0.0.0-20260212201848-7aac2a2c5b7c
RUN CGO_ENABLED=0 GOBIN=/out go install -trimpath -ldflags "-s -w" \
    github.com/minio/minio@${MINIO_VERSION}

FROM base AS minio
COPY --from=minio-build /out/minio /usr/local/bin/minio
RUN install -d -m 700 -o ocrwell -g ocrwell /data
USER 10001:10001
ENTRYPOINT ["minio"]
CMD ["server", "/data"]

FROM app AS cpu
COPY --from=packages /venv /venv
USER 10001:10001
RUN --network=none python -c "from engine import ocr; ocr.self_test(ocr.load())"
