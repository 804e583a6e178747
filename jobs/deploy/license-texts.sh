#!/usr/bin/env bash
# The licences of what the program is linked from, copied into a folder: of Go, and of each module in a folder of its path. For the image and for releases; GOOS and GOARCH say of which program.
#
#   bash jobs/deploy/license-texts.sh FOLDER
set -euo pipefail
mkdir -p "$1"
folder=$(cd "$1" && pwd)
cd "$(dirname "$0")/../.."

cp "$(go env GOROOT)/LICENSE" "$folder/go"
go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Dir}}{{end}}{{end}}' ./jobs/partnerscore | sort -u | while read -r path dir; do
  mkdir -p "$folder/$path"
  (cd "$dir" && find . -name testdata -prune -o -type f \( -iname 'licen[cs]e*' -o -iname 'copying*' -o -iname 'notice*' -o -iname 'patents*' \
    -o -ipath './licen[cs]es/*' \) -print0 | xargs -0 -r cp --parents --no-preserve=mode -t "$folder/$path")
done
