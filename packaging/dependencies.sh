# SPDX-License-Identifier: Apache-2.0
# For scripts to source: installs Debian packages that are missing.

# What building needs, and what the tests' real hypervisor and the dashboard's tests need.
BUILD_PACKAGES="libvirt-dev librabbitmq-dev libxml2-dev nettle-dev libsnappy-dev libsqlite3-dev pkg-config"
TEST_PACKAGES="libvirt-daemon-system libvirt-daemon-driver-qemu libvirt-clients qemu-system-x86 iproute2 python3 curl
    chromium prometheus"

# install_packages NAME...: does nothing where all are there.
install_packages() {
    local missing=() name
    for name in "$@"; do
        dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' || missing+=("$name")
    done
    if [ ${#missing[@]} -eq 0 ]; then return; fi
    echo "Installing ${missing[*]}"
    local root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get -qq -o DPkg::Lock::Timeout=600 update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -qq -y -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0 install --no-install-recommends "${missing[@]}"
}

# need_swift: says what to do where the compiler is not there.
need_swift() {
    # OpenStack's Python packages can bring a /usr/bin/swift of their own: it is no compiler.
    swift --version 2>/dev/null | grep -q 'Swift version' && return
    echo "Swift 6.3 or later is needed, and 'swift' is not its compiler: see https://www.swift.org/install/linux/" >&2
    exit 1
}
