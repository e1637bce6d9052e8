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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Posts events as JSON. Redirects are not followed, and only the status of a response is read. An attempt has a deadline of
 * 10 s from its start to the head of the response. Thread-safe; blocks.
 */
final class Webhooks implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);
    private static final Duration DEADLINE = Duration.ofSeconds(10);
    private static final long FIRST_RETRY_MILLIS = 500;
    private static final long MAX_RETRY_MILLIS = 30_000;
    private static final int MAX_SECRET = 4_096;
    private static final int MIN_SUCCESS = 200;
    private static final int MAX_SUCCESS = 299;

    /** Threads of the client, which also resolve names. Created with it, because this host may have no thread left later. */
    private static final int THREADS = 2;

    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            THREADS,
            THREADS,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().name("webhook-client-", 0).daemon().factory());
    private final Duration deadline;
    /** Guarded by this object. Its classes and trusted certificates take time and memory: created when it is needed. */
    private @Nullable HttpClient client;

    Webhooks() {
        this(DEADLINE);
    }

    /** @param deadline for one attempt */
    Webhooks(Duration deadline) {
        this.deadline = deadline;
    }

    /** Creates the client, if there is none, before it is needed. */
    void prepare() {
        try {
            var _ = client();
        } catch (IOException _) {
            // The next attempt creates it, or reports why not.
        }
    }

    private synchronized HttpClient client() throws IOException {
        HttpClient made = client;
        if (made == null) {
            made = newClient();
            client = made;
        }
        return made;
    }

    private HttpClient newClient() throws IOException {
        try {
            int _ = threads.prestartAllCoreThreads();
            return HttpClient.newBuilder()
                    .followRedirects(Redirect.NEVER)
                    .connectTimeout(deadline)
                    .sslParameters(versions())
                    .executor(threads)
                    .build();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (OutOfMemoryError e) {
            throw new IOException("no thread can be created", e);
        }
    }

    /** Only current versions. Older ones cannot be disabled for the process, because checks may use them. */
    private static SSLParameters versions() {
        return new SSLParameters(null, new String[] {"TLSv1.3", "TLSv1.2"});
    }

    /** An event and when it happened. */
    record Posting(DaemonEvent event, OffsetDateTime at) {}

    /** Returns whether the receiver accepted it. */
    boolean post(Webhook webhook, String routerId, Posting posting) {
        byte[] body = json(routerId, posting).getBytes(StandardCharsets.UTF_8);
        long end = System.nanoTime() + webhook.retry().toNanos();
        long pause = FIRST_RETRY_MILLIS;
        String failure = attempt(webhook, body);
        try {
            while (!failure.isEmpty() && System.nanoTime() + pause * 1_000_000 - end < 0) {
                Thread.sleep(pause);
                pause = Math.min(MAX_RETRY_MILLIS, 2 * pause);
                failure = attempt(webhook, body);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!failure.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("host", webhook.url().getHost())
                    .addKeyValue("posted", posting.event().name())
                    .addKeyValue("reason", failure)
                    .log("webhook.failed");
        }
        return failure.isEmpty();
    }

    /** The reason of a failure; empty on success. Contains only the host of the URL, which may contain a secret. */
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
            return "the daemon is stopping";
        }
    }

    private String post(HttpRequest request) throws IOException, InterruptedException {
        CompletableFuture<HttpResponse<Void>> response = client().sendAsync(request, _ -> new DiscardedBody());
        try {
            int status = response.get(deadline.toNanos(), TimeUnit.NANOSECONDS).statusCode();
            return status >= MIN_SUCCESS && status <= MAX_SUCCESS ? "" : "status " + status;
        } catch (TimeoutException _) {
            throw new IOException("timeout: no response within " + deadline.toMillis() + " ms");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException failure ? failure : new IOException(IoReason.of(e), e);
        } finally {
            boolean _ = response.cancel(true);
        }
    }

    /** Discards the body of a response without reading it. */
    private static final class DiscardedBody implements HttpResponse.BodySubscriber<Void> {
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
            // Cancelled.
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
        synchronized (this) {
            if (client != null) {
                client.shutdownNow();
            }
        }
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
            json.writeStringField("event", posting.event().name());
            json.writeStringField("level", posting.event().level().name().toLowerCase(Locale.ROOT));
            for (var field : posting.event().fields().entrySet()) {
                json.writeStringField(field.getKey(), field.getValue().toString());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
