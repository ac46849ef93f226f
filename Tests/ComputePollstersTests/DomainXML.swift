// SPDX-License-Identifier: Apache-2.0

/// Descriptions as libvirt writes them.
enum DomainXML {
    static let uuid = "33d5cd7f-1a9e-5441-9745-684abca72a31"

    /// - Parameter metadata: what stands inside of `<metadata>`.
    static func text(metadata: String = "", vcpu: String = "<vcpu placement='static' current='2'>4</vcpu>") -> String {
        """
        <domain type='qemu' id='7'>
          <name>instance-0000002a</name>
          <uuid>\(uuid)</uuid>
          <metadata>\(metadata)</metadata>
          <memory unit='KiB'>1048576</memory>
          <currentMemory unit='KiB'>524288</currentMemory>
          \(vcpu)
          <os><type arch='x86_64' machine='pc-i440fx-7.2'>hvm</type></os>
        </domain>
        """
    }

    /// As nova has written it since 2025.2.
    static let nova = """
        <nova:instance xmlns:nova="http://openstack.org/xmlns/libvirt/nova/1.1">
          <nova:name>web &amp; mail</nova:name>
          <nova:flavor name="m1.small" id="f-2">
            <nova:memory>2048</nova:memory><nova:disk>20</nova:disk><nova:swap>0</nova:swap>
            <nova:ephemeral>5</nova:ephemeral><nova:vcpus>2</nova:vcpus>
            <nova:extraSpecs><nova:extraSpec name="hw:cpu_policy">dedicated</nova:extraSpec></nova:extraSpecs>
          </nova:flavor>
          <nova:image uuid="i-1">
            <nova:containerFormat>bare</nova:containerFormat><nova:diskFormat>qcow2</nova:diskFormat>
            <nova:minDisk>1</nova:minDisk><nova:minRam>0</nova:minRam>
            <nova:properties><nova:property name="os_distro">debian</nova:property></nova:properties>
          </nova:image>
          <nova:owner>
            <nova:user uuid="u-1">ada</nova:user><nova:project uuid="p-1">looms</nova:project>
          </nova:owner>
          <nova:root type="image" uuid="i-1"/>
        </nova:instance>
        """

    /// As nova wrote it before 2025.2: no flavor id, no extra specs, no image properties.
    static let oldNova = """
        <nova:instance xmlns:nova="http://openstack.org/xmlns/libvirt/nova/1.0">
          <nova:name>old</nova:name>
          <nova:flavor name="m1.tiny"><nova:memory>512</nova:memory><nova:vcpus>1</nova:vcpus></nova:flavor>
          <nova:owner><nova:user uuid="u-2">eve</nova:user><nova:project uuid="p-2">mill</nova:project></nova:owner>
          <nova:root type="volume"/>
        </nova:instance>
        """
}
