package io.lvsd.conf.check;

import io.lvsd.conf.check.http.HttpVersion;
import io.lvsd.conf.check.http.Url;
import io.lvsd.conf.value.ProbeAddress;
import io.lvsd.conf.value.Tls;
import java.util.List;
import java.util.Optional;

/**
 * HTTP_GET or SSL_GET: each probe requests one of the urls.
 *
 * @param tls empty: plain
 * @param fastRecovery no delay between the urls of a check that is down
 */
public record HttpCheck(
        ProbeAddress target, Optional<Tls> tls, HttpVersion version, boolean fastRecovery, List<Url> urls)
        implements CheckSpec.Remote {
    /** The keyword that declares a check without TLS. */
    public static final String HTTP_GET = "HTTP_GET";
    /** The keyword that declares a check over TLS. */
    public static final String SSL_GET = "SSL_GET";

    public HttpCheck {
        urls = List.copyOf(urls);
    }

    /** Of the target alone: this is computed at each probe, and few servers have two HTTP checks. */
    @Override
    public int hashCode() {
        return target.hashCode();
    }

    @Override
    public String kind() {
        return tls.isPresent() ? SSL_GET : HTTP_GET;
    }

    @Override
    public HttpCheck withTarget(ProbeAddress other) {
        return new HttpCheck(other, tls, version, fastRecovery, urls);
    }

    /** The same check with other urls. */
    public HttpCheck withUrls(List<Url> others) {
        return new HttpCheck(target, tls, version, fastRecovery, others);
    }
}
