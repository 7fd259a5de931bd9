#!/bin/sh
# Makes the secrets that docker-compose.yml reads: each once, what is there already stays.
# The files can be read by all, because every container has a user of its own; the folder cannot.
#
#   deploy/secrets.sh [FOLDER]        (secrets/ beside docker-compose.yml)
set -eu
umask 077
folder=${1:-$(dirname "$0")/../secrets}
mkdir -p "$folder"
cd "$folder"

keep() { # NAME VALUE
    [ -s "$1" ] || printf '%s' "$2" >"$1"
    chmod 444 "$1"
}

keep secret_key "$(openssl rand -hex 32)"
keep postgres_password "$(openssl rand -hex 24)"
keep database_url "postgresql://ocrwell:$(cat postgres_password)@postgres:5432/ocrwell"
keep redis_password "$(openssl rand -hex 24)"
keep redis_conf "requirepass $(cat redis_password)"
keep redis_url "redis://:$(cat redis_password)@redis:6379/0"
keep s3_access_key ocrwell
keep s3_secret_key "$(openssl rand -hex 24)"
keep minio_kms_key "ocrwell:$(openssl rand -base64 32)"
