#!/usr/bin/env bash
# Downloads the modules that the program is linked from on this platform, and no others: those of the tests and the engines of other platforms are
# several times as much. jobs/deploy/licenses.txt lists them for linux/amd64, and `bash .ci/run licences` holds that list.
set -euo pipefail
cd "$(dirname "$0")/../.."
awk '$2 == "linked" {print $1}' jobs/deploy/licenses.txt | sed "s|/lib/linux-amd64\$|/lib/linux-$(go env GOARCH)|" | xargs go mod download
