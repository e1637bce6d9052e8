package io.lvsd.core.notify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.lvsd.checkers.files.RegularFile;
import io.lvsd.checkers.probe.PrintableText;
import io.lvsd.conf.model.NotifyConfig.Webhook;
import io.lvsd.conf.source.IoReason;
import io.lvsd.core.engine.DaemonEvent;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import javax.net.ssl.SSLParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts events as JSON. Redirects are not followed and answers not read: only their status counts. An attempt has a deadline
 * of 10 s from its start to the head of the answer. Thread-safe; who posts is blocked.
 */
final class Webhooks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("lvsd");
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final long FIRST_PAUSE = 500;
    private static final long LONGEST_PAUSE = 30_000;
    private static final int MAX_SECRET = 4_096;
    private static final int GOOD = 200;
    private static final int NOT_GOOD = 300;

    /** Threads of the client, which also look up names. They exist from the start: later this host may have none left. */
    private static final int THREADS = 2;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("webhook-client-", 0).daemon().factory());
    private final Duration deadline;
    private final HttpClient client;

    Webhooks() {
        this(DEADLINE);
    }

    /** @param deadline for one attempt */
    Webhooks(Duration deadline) {
        this.deadline = deadline;
        int _ = threads.prestartAllCoreThreads();
        this.client = HttpClient.newBuilder()
                .followRedirects(Redirect.NEVER)
                .connectTimeout(deadline)
                .sslParameters(versions())
                .executor(threads)
                .build();
    }

    /** Checks may want older versions, which are therefore not disabled in this process. */
    private static SSLParameters versions() {
        return new SSLParameters(null, new String[] {"TLSv1.3", "TLSv1.2"});
    }

    /** An event and when it happened. */
    record Posting(DaemonEvent transition, OffsetDateTime at) {}

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
                    "event=webhook.failed host={} about={} reason={}",
                    webhook.url().getHost(),
                    posting.transition().name(),
                    PrintableText.quoted(failure));
        }
    }

    /** Why it failed; empty if it did not. The address may hold a secret: only its host is named. */
    String attempt(Webhook webhook, byte[] body) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(webhook.url())
                    .timeout(deadline)
                    .header("Content-Type", "application/json")
                    .header("User-Agent", "lvsd")
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body));
            if (webhook.secretFile().isPresent()) {
                byte[] file = RegularFile.head(webhook.secretFile().get(), MAX_SECRET);
                String secret = new String(file, StandardCharsets.UTF_8).strip();
                request.header("X-Lvsd-Signature", "sha256=" + signature(secret, body));
            }
            return post(request.build());
        } catch (IOException e) {
            return PrintableText.of(IoReason.of(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "stopping";
        }
    }

    private String post(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<Void>> answer = client.sendAsync(request, _ -> new Unread());
        try {
            int status = answer.get(deadline.toNanos(), TimeUnit.NANOSECONDS).statusCode();
            return status >= GOOD && status < NOT_GOOD ? "" : "status " + status;
        } catch (TimeoutException _) {
            throw new IOException("no answer within " + deadline.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(IoReason.of(e), e);
        } finally {
            boolean _ = answer.cancel(true);
        }
    }

    /** The body of an answer: nothing of it is read, however long it is. */
    private static final class Unread implements HttpResponse.BodySubscriber<Void> {
        private final CompletableFuture<Void> done = new CompletableFuture<>();

        @Override
        public CompletionStage<Void> getBody() {
            return done;
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.cancel();
            boolean _ = done.complete(null);
        }

        @Override
        public void onNext(List<ByteBuffer> bytes) {
            // It was cancelled.
        }

        @Override
        public void onError(Throwable failure) {
            boolean _ = done.complete(null);
        }

        @Override
        public void onComplete() {
            boolean _ = done.complete(null);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
        threads.shutdownNow();
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
