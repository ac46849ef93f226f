// SPDX-License-Identifier: Apache-2.0
internal import CRabbitMQ
internal import Glibc

extension BusTLS {
    func socket(of state: OpaquePointer, _ action: String) throws(BusError) -> OpaquePointer? {
        guard let socket = amqp_ssl_socket_new(state) else { return nil }
        func fail(_ message: String) -> BusError { BusError(reason: .tls, action: action, message: message) }
        amqp_ssl_socket_set_verify_peer(socket, verifies ? 1 : 0)
        amqp_ssl_socket_set_verify_hostname(socket, verifies ? 1 : 0)
        amqp_ssl_socket_set_ssl_versions(socket, AMQP_TLSv1_2, AMQP_TLSvLATEST)
        if verifies {
            guard let path = caFile ?? Self.systemAuthorities.first(where: { access($0, R_OK) == 0 }) else {
                throw fail("no authority is trusted by this host: ssl_ca_file names one")
            }
            guard amqp_ssl_socket_set_cacert(socket, path) == 0 else {
                throw fail("\(path) holds no certificate of an authority in PEM that can be read (ssl_ca_file)")
            }
        }
        if let certificateFile {
            guard amqp_ssl_socket_set_key(socket, certificateFile, keyFile ?? certificateFile) == 0 else {
                throw fail(
                    "\(certificateFile) and \(keyFile ?? certificateFile) hold no certificate with its key in PEM that can "
                        + "be read (ssl_cert_file, ssl_key_file)")
            }
        }
        return socket
    }
}
