package io.lvsd.core.notify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lvsd.conf.IoReason;
import io.lvsd.conf.model.NotifyConfig.Webhook;
import io.lvsd.core.engine.Transition;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts events as JSON to one address. Redirects are not followed and answers not read: only their status counts. Used by
 * one thread, which it blocks.
 */
final class Webhooks {
    private static final Logger LOG = LoggerFactory.getLogger("lvsd");
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final long FIRST_PAUSE = 500;
    private static final long LONGEST_PAUSE = 30_000;
    private static final int GOOD = 200;
    private static final int NOT_GOOD = 300;

    private final HttpClient client = HttpClient.newBuilder()
            .followRedirects(Redirect.NEVER)
            .connectTimeout(DEADLINE)
            .build();

    /** An event and when it happened. */
    record Posting(Transition transition, OffsetDateTime at) {}

    void post(Webhook webhook, String routerId, Posting posting) {
        byte[] body = json(routerId, posting).getBytes(StandardCharsets.UTF_8);
        long end = System.nanoTime() + webhook.retry().toNanos();
        long pause = FIRST_PAUSE;
        String failure = attempt(webhook, body);
        try {
            while (!failure.isEmpty() && System.nanoTime() + pause * 1_000_000 - end < 0) {
                Thread.sleep(pause);
                pause = Math.min(LONGEST_PAUSE, 2 * pause);
                failure = attempt(webhook, body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!failure.isEmpty()) {
            LOG.warn(
                    "event=webhook.failed host={} about={} reason=\"{}\"",
                    webhook.url().getHost(),
                    posting.transition().name(),
                    failure);
        }
    }

    /** Why it failed; empty if it did not. The address may hold a secret: only its host is named. */
    private String attempt(Webhook webhook, byte[] body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(webhook.url())
                    .timeout(DEADLINE)
                    .header("Content-Type", "application/json")
                    .header("User-Agent", "lvsd")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body));
            if (webhook.secretFile().isPresent()) {
                String secret = Files.readString(webhook.secretFile().get()).strip();
                request.header("X-Lvsd-Signature", "sha256=" + signature(secret, body));
            }
            int status = client.send(request.build(), BodyHandlers.discarding()).statusCode();
            return status >= GOOD && status < NOT_GOOD ? "" : "status " + status;
        } catch (IOException e) {
            return IoReason.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "stopping";
        }
    }

    static String signature(String secret, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    static String json(String routerId, Posting posting) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.writeStartObject();
            json.writeStringField(
                    "time", posting.at().truncatedTo(ChronoUnit.MILLIS).toString());
            json.writeStringField("director", routerId);
            json.writeStringField("event", posting.transition().name());
            json.writeStringField("level", posting.transition().level().name().toLowerCase(Locale.ROOT));
            for (var field : posting.transition().fields().entrySet()) {
                json.writeStringField(field.getKey(), field.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
