# SPDX-License-Identifier: Apache-2.0
# The lab's domains: what they run, and how they are described to libvirt. Sourced by hypervisor-lab.

# A boot sector that writes itself to the sector behind it, so that reads and writes can be told apart, and then keeps
# its CPU busy for LOAD percent of the time. A timer wakes it every 27.5 ms; it then spins for LOAD percent of what the
# last turn really lasted, by the CPU's own clock: so late or lost ticks even out.
#
#     b8 01 03 bb 00 7c   mov ax, 0x0301; mov bx, 0x7c00   ; write one sector from here
#     b9 02 00 ba 80 00   mov cx, 2; mov dx, 0x80          ; as the second of the first disk
#     cd 13               int 0x13
#     fa 31 c0 8e d8      cli; xor ax, ax; mov ds, ax
#     c7 06 20 00 53 7c   mov word [0x20], tick         ; IRQ 0 comes as interrupt 8
#     a3 22 00            mov [0x22], ax
#     b0 fe e6 21         mov al, 0xfe; out 0x21, al    ; and no other one comes
#     b0 34 e6 43         mov al, 0x34; out 0x43, al    ; timer 0 ticks every 0x8000 / 1193182 s
#     b0 00 e6 40         mov al, 0x00; out 0x40, al
#     b0 80 e6 40         mov al, 0x80; out 0x40, al
#     0f 31 66 89 c6      rdtsc; mov esi, eax
# turn:
#     0f 31 66 89 c1      rdtsc; mov ecx, eax
#     66 29 f1 66 89 c6   sub ecx, esi; mov esi, eax    ; how long the last turn was; when this one began
#     66 c1 e9 02         shr ecx, 2
#     66 6b c9 NN         imul ecx, ecx, LOAD / 25
# spin:
#     0f 31 66 29 f0      rdtsc; sub eax, esi
#     66 39 c8 72 f6      cmp eax, ecx; jb spin
#     fb f4 fa eb de      sti; hlt; cli; jmp turn
# tick:
#     b0 20 e6 20 cf      mov al, 0x20; out 0x20, al; iret
boot_sector() {  # LOAD
    printf '\xb8\x01\x03\xbb\x00\x7c\xb9\x02\x00\xba\x80\x00\xcd\x13'
    case $1 in
        0) printf '\xb0\x30\xe6\x43\xfa\xf4\xeb\xfd' ;;  # timer 0 awaits a divisor that never comes; cli; hlt
        100) printf '\xb0\x30\xe6\x43\xfa\xeb\xfe' ;;
        25 | 50 | 75)
            printf '\xfa\x31\xc0\x8e\xd8\xc7\x06\x20\x00\x53\x7c\xa3\x22\x00\xb0\xfe\xe6\x21'
            printf '\xb0\x34\xe6\x43\xb0\x00\xe6\x40\xb0\x80\xe6\x40\x0f\x31\x66\x89\xc6'
            printf '\x0f\x31\x66\x89\xc1\x66\x29\xf1\x66\x89\xc6\x66\xc1\xe9\x02\x66\x6b\xc9'"\\x0$(($1 / 25))"
            printf '\x0f\x31\x66\x29\xf0\x66\x39\xc8\x72\xf6\xfb\xf4\xfa\xeb\xde\xb0\x20\xe6\x20\xcf' ;;
        *) fail "LOAD is 0, 25, 50, 75 or 100" ;;
    esac
}

BRIDGE=lab  # in the lab's own network namespace; every domain has a tap device on it

# The disks of domain N: one of 1 MiB, which begins with the boot sector, and for odd N an empty one of 2 MiB.
disks() {  # N LOAD
    mkdir -p "$RUN/disks"
    boot_sector "$2" > "$RUN/disks/$1.img"
    truncate -s 510 "$RUN/disks/$1.img"
    printf '\x55\xaa' >> "$RUN/disks/$1.img"
    truncate -s 1M "$RUN/disks/$1.img"
    (( $1 % 2 == 0 )) || truncate -s 2M "$RUN/disks/$1b.img"
}

# Identifiers are a kind in 8 hex digits and an index, so that they are the same in every run.
uuid() { printf "%s-0000-4000-8000-%012x" "$1" "$2"; }
hex() { printf "%s000040008000%012x" "$1" "$2"; }  # without dashes, as Keystone writes them

metadata() {
    cat <<X
  <metadata>
    <nova:instance xmlns:nova="http://openstack.org/xmlns/libvirt/nova/1.1">
      <nova:package version="33.0.0"/>
      <nova:name>vm-$1</nova:name>
      <nova:creationTime>2026-01-01 00:00:00</nova:creationTime>
      <nova:flavor name="m1.tiny" id="$(uuid f1a40000 1)">
        <nova:memory>16</nova:memory>
        <nova:disk>1</nova:disk>
        <nova:swap>0</nova:swap>
        <nova:ephemeral>0</nova:ephemeral>
        <nova:vcpus>${LAB_VCPUS:-1}</nova:vcpus>
        <nova:extraSpecs>
          <nova:extraSpec name="hw_rng:allowed">True</nova:extraSpec>
        </nova:extraSpecs>
      </nova:flavor>
      <nova:image uuid="$(uuid 1a6e0000 $(($1 % 5)))">
        <nova:containerFormat>bare</nova:containerFormat>
        <nova:diskFormat>raw</nova:diskFormat>
        <nova:minDisk>1</nova:minDisk>
        <nova:minRam>0</nova:minRam>
        <nova:properties>
          <nova:property name="hw_disk_bus">virtio</nova:property>
          <nova:property name="os_distro">none</nova:property>
        </nova:properties>
      </nova:image>
      <nova:owner>
        <nova:user uuid="$(hex 05e40000 $(($1 % 11)))">user-$(($1 % 11))</nova:user>
        <nova:project uuid="$(hex 940e0000 $(($1 % 7)))">project-$(($1 % 7))</nova:project>
      </nova:owner>
      <nova:root type="image" uuid="$(uuid 1a6e0000 $(($1 % 5)))"/>
    </nova:instance>
  </metadata>
X
}

disk_xml() {  # FILE DEVICE
    cat <<X
    <disk type="file" device="disk">
      <driver name="qemu" type="raw" cache="writeback"/>
      <source file="$1"/>
      <target dev="$2" bus="virtio"/>
    </disk>
X
}

# The MAC and the device's name hold N in their last hexadecimal digits. Without a ROM nothing tries to boot from it.
interface_xml() {  # N
    cat <<X
    <interface type="bridge">
      <mac address="$(printf 'fa:16:3e:%02x:%02x:%02x' $(($1 >> 16)) $(($1 >> 8 & 255)) $(($1 & 255)))"/>
      <source bridge="$BRIDGE"/>
      <target dev="$(printf 'tap%08x' "$1")"/>
      <model type="virtio"/>
      <rom enabled="no"/>
    </interface>
X
}

xml() {  # N
    local vcpus=${LAB_VCPUS:-1}
    cat <<X
<domain type="qemu">
  <name>$(printf 'instance-%08x' "$1")</name>
  <uuid>$(uuid d0000000 "$1")</uuid>
$([[ ${LAB_PLAIN:-} ]] || metadata "$1")
  <memory unit="MiB">16</memory>
  <vcpu current="$vcpus">${LAB_MAX_VCPUS:-$vcpus}</vcpu>
  <os><type arch="x86_64" machine="pc">hvm</type><boot dev="hd"/></os>
  <features><acpi/><apic/></features>
  <devices>
    <emulator>$(command -v qemu-system-x86_64)</emulator>
$(disk_xml "$RUN/disks/$1.img" vda; (( $1 % 2 == 0 )) || disk_xml "$RUN/disks/$1b.img" vdb; interface_xml "$1")
    <controller type="usb" model="none"/>
    <memballoon model="virtio"><stats period="10"/></memballoon>
  </devices>
</domain>
X
}
