package io.lvsd.core.api;

import io.lvsd.core.http.Response;
import io.lvsd.core.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The OpenAPI document, which a test makes from the records and compares with the responses. */
final class ApiDocument {
    static final String RESOURCE = "openapi.json";

    private ApiDocument() {}

    static Route route() {
        Response response = Response.of("application/json; charset=utf-8", bytes());
        return Route.get(ApiPaths.ROOT + "/" + RESOURCE, _ -> response);
    }

    private static byte[] bytes() {
        try (InputStream in = ApiDocument.class.getResourceAsStream(RESOURCE)) {
            return Objects.requireNonNull(in, "the OpenAPI document is missing in the jar")
                    .readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
