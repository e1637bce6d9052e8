package io.lvsd.sorryserver.setup;

import java.nio.file.Path;

/**
 * A certificate for TLS. Clients get the first one whose names match the name that they request (SNI), else the first one.
 *
 * @param certificate PEM file with the certificate and its chain
 * @param key PEM file with the private key (PKCS #8), not encrypted
 */
public record TlsIdentity(Path certificate, Path key) {}
