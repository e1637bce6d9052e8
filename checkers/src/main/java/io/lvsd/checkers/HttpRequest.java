package io.lvsd.checkers;

import java.nio.charset.StandardCharsets;

/** The bytes of a check's request. */
final class HttpRequest {
    private HttpRequest() {}

    static byte[] bytes(ProbeKey.Http key) {
        String version = switch (key.version()) {
            case V1_0, V1_0_CLOSE -> "1.0";
            case V1_1 -> "1.1";
        };
        String connection = switch (key.version()) {
            case V1_0 -> "";
            case V1_0_CLOSE, V1_1 -> "Connection: close\r\n";
        };
        String request = "GET " + key.url().path() + " HTTP/" + version + "\r\nUser-Agent: KeepAliveClient\r\n"
                + connection + "Host: " + key.url().host() + "\r\n\r\n";
        return request.getBytes(StandardCharsets.UTF_8);
    }
}
