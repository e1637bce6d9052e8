package io.lvsd.core.api;

/** Paths of the API. */
final class ApiPaths {
    static final String ROOT = "/api/v1";
    static final String VIRTUAL_SERVER = ROOT + "/virtual-servers/{vs}";
    static final String REAL_SERVER = VIRTUAL_SERVER + "/real-servers/{rs}";

    private ApiPaths() {}
}
