package io.lvsd.conf.check.tls;

import io.lvsd.conf.keyword.BlockBuilder;
import io.lvsd.conf.keyword.Secrets;
import io.lvsd.conf.value.Tls;

/** Writes the TLS settings of a check. */
public final class TlsWriter {
    private TlsWriter() {}

    /** Of a check that uses TLS only if the keyword {@code tls} is set. */
    public static void writeOn(Tls tls, BlockBuilder block, Secrets secrets) {
        write(tls, block.put(TlsKeywords.TLS_ON, true), secrets);
    }

    public static void write(Tls tls, BlockBuilder block, Secrets secrets) {
        tls.serverName().ifPresent(n -> block.put(TlsKeywords.SNI_NAME, n));
        block.putIf(tls.byUrl(), TlsKeywords.ENABLE_SNI, true)
                .put(TlsKeywords.TLS_MIN, tls.lowest())
                .putIf(
                        !tls.ciphers().isEmpty(),
                        TlsKeywords.TLS_CIPHERS,
                        tls.ciphers().toArray());
        block.put(TlsKeywords.TLS_VERIFY, tls.verify());
        tls.ca().ifPresent(f -> block.put(TlsKeywords.TLS_CA, f));
        tls.pins().forEach(p -> block.put(TlsKeywords.TLS_PIN, p));
        tls.client()
                .ifPresent(c -> block.put(TlsKeywords.TLS_CERTIFICATE, c.chain())
                        .put(TlsKeywords.TLS_KEY, c.key())
                        .putIf(!c.password().isEmpty(), TlsKeywords.TLS_PASSWORD, secrets.text(c.password())));
    }
}
