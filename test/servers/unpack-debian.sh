#!/bin/bash
# unpack-debian.sh SUITE DEST PACKAGE...
# Unpacks packages and everything they depend on from a Debian suite into the folder DEST without touching the system: an apt
# configuration of its own, the machine's own mirror, signatures checked. Needs no root. DEST appears whole or not at all.
set -euo pipefail
suite=$1 dest=$2; shift 2
[ -e "$dest/.complete" ] && exit 0
command -v apt-get > /dev/null || { echo "this machine has no apt-get to fetch $* with" >&2; exit 1; }
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e $keyring ] || { echo "this machine has no $keyring, so that Debian's signatures cannot be checked" >&2; exit 1; }
mirror=$(apt-get indextargets --format '$(SITE)' 2> /dev/null | grep -m1 '/debian/\?$' || echo http://deb.debian.org/debian)
mkdir -p "$(dirname "$dest")"
work=$(mktemp -d) next=$(mktemp -d "$dest.XXXXXX"); trap 'rm -rf "$work" "$next"' EXIT
mkdir -p "$work"/{state,lists/partial,cache/archives/partial,etc/preferences.d,debs}; : > "$work/state/status"
echo "deb [signed-by=$keyring] $mirror $suite main" > "$work/etc/sources.list"
cat > "$work/apt.conf" <<CONF
Dir::State "$work/state"; Dir::State::lists "$work/lists"; Dir::State::status "$work/state/status"; Dir::Cache "$work/cache";
Dir::Etc::sourcelist "$work/etc/sources.list"; Dir::Etc::sourceparts "-"; Dir::Etc::preferencesparts "$work/etc/preferences.d";
APT::Sandbox::User "$(id -un)"; Acquire::Retries "3";
CONF
apt=(apt-get -c "$work/apt.conf" -qq)
"${apt[@]}" update
packages=$("${apt[@]}" install -s --no-install-recommends "$@" | awk '/^Inst/ {print $2}' | grep -v -E '^(perl|gcc-.*-base)')
(cd "$work/debs" && "${apt[@]}" download $packages)
for deb in "$work"/debs/*.deb; do dpkg-deb -x "$deb" "$next"; done
chmod 755 "$next"; touch "$next/.complete"
# Another run may have been quicker; its folder is as good.
mv -T "$next" "$dest" 2> /dev/null || [ -e "$dest/.complete" ]
