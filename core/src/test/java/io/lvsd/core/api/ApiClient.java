package io.lvsd.core.api;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/** A client of the API on a loopback port. */
final class ApiClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    private final HttpClient client = HttpClient.newHttpClient();
    private final int port;
    private final Optional<String> token;

    ApiClient(int port, Optional<String> token) {
        this.port = port;
        this.token = token;
    }

    /** @param body of a POST, as JSON; empty for other methods */
    HttpResponse<String> send(String method, String path, Optional<String> body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(TIMEOUT)
                .method(method, body.map(BodyPublishers::ofString).orElseGet(BodyPublishers::noBody));
        token.ifPresent(t -> request.header("Authorization", "Bearer " + t));
        body.ifPresent(_ -> request.header("Content-Type", "application/json"));
        return client.send(request.build(), BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, Optional.empty());
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        return send("POST", path, Optional.of(body));
    }

    @Override
    public void close() {
        client.close();
    }
}
