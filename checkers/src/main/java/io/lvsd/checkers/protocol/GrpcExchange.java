package io.lvsd.checkers.protocol;

import io.lvsd.conf.check.GrpcCheck;
import io.lvsd.conf.source.IpAddresses;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * {@code grpc.health.v1.Health/Check}. Each of its two messages has one field, so they are coded here: a request
 * with the string {@code service} (1), a response with the enum {@code status} (1), of which 1 is SERVING.
 */
public final class GrpcExchange implements Http2Exchange {
    private static final int MAX_LENGTH = 4_096;
    private static final int PREFIX = 5;
    private static final int SERVING = 1;
    private static final String[] STATUS = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};

    private final GrpcCheck spec;
    private final ByteArrayOutputStream response = new ByteArrayOutputStream();

    public GrpcExchange(GrpcCheck spec) {
        this.spec = spec;
    }

    @Override
    public Http2Headers headers() {
        String authority = spec.tls()
                .flatMap(t -> t.serverName())
                .orElseGet(() ->
                        IpAddresses.text(spec.target().address(), spec.target().port()));
        Http2Headers headers = new DefaultHttp2Headers(false)
                .method("POST")
                .path("/grpc.health.v1.Health/Check")
                .scheme(spec.tls().isPresent() ? "https" : "http")
                .authority(authority);
        return headers.set("content-type", "application/grpc")
                .set("te", "trailers")
                .set("user-agent", "lvsd");
    }

    @Override
    public byte[] body() {
        byte[] name = spec.service().getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        if (name.length > 0) {
            message.write(1 << 3 | 2);
            for (int left = name.length; ; left >>>= 7) {
                message.write(left > 0x7f ? left & 0x7f | 0x80 : left);
                if (left <= 0x7f) {
                    break;
                }
            }
            message.writeBytes(name);
        }
        return ByteBuffer.allocate(PREFIX + message.size())
                .put((byte) 0)
                .putInt(message.size())
                .put(message.toByteArray())
                .array();
    }

    @Override
    public Exchange.Action headers(Http2Headers headers, boolean end) {
        CharSequence status = headers.status();
        if (status != null && !"200".contentEquals(status)) {
            return Exchange.fail("HTTP status 200", "HTTP status " + status);
        }
        CharSequence code = headers.get("grpc-status");
        if (code != null && !"0".contentEquals(code)) {
            CharSequence text = headers.get("grpc-message");
            String meaning = "12".contentEquals(code) ? " (the server does not implement grpc.health.v1)" : "";
            return Exchange.fail("grpc-status 0", "grpc-status " + code + meaning + (text == null ? "" : ": " + text));
        }
        return end ? evaluate() : new Exchange.Action.Read();
    }

    @Override
    public Exchange.Action data(byte[] bytes, boolean end) {
        response.writeBytes(bytes);
        if (response.size() > MAX_LENGTH) {
            return Exchange.broken("response of more than " + MAX_LENGTH + " bytes");
        }
        return end ? evaluate() : new Exchange.Action.Read();
    }

    private Exchange.Action evaluate() {
        byte[] bytes = response.toByteArray();
        if (bytes.length < PREFIX || bytes[0] != 0) {
            return Exchange.broken("an uncompressed gRPC message", bytes.length + " other bytes");
        }
        int length = ByteBuffer.wrap(bytes).getInt(1);
        if (length < 0 || length > bytes.length - PREFIX) {
            return Exchange.broken("gRPC response is cut off");
        }
        int status = length >= 2 && bytes[PREFIX] == 1 << 3 ? bytes[PREFIX + 1] : 0;
        return status == SERVING
                ? Exchange.pass()
                : Exchange.fail(
                        STATUS[SERVING], status >= 0 && status < STATUS.length ? STATUS[status] : "status " + status);
    }
}
