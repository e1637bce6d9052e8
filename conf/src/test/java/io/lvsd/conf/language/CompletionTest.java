package io.lvsd.conf.language;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.lvsd.conf.source.ConfigFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an editor is offered, by the blocks around the cursor. A bar is a line end. */
final class CompletionTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "KEEPALIVED; virt; [virtual_server, virtual_server_group]",
                "KEEPALIVED; virtual_server 10.0.0.1 80 {|lvs_s; [lvs_sched]",
                "KEEPALIVED; virtual_server 10.0.0.1 80 {|real_server 10.0.0.2 80 {|TCP_CHECK {|}|DNS_CHECK {|ty;"
                        + " [type]",
                "KEEPALIVED; virtual_server 10.0.0.1 80 {|real_server 10.0.0.2 80 {|DNS_CHECK {|type M; [A, NS, CNAME,"
                        + " SOA, MX, TXT, AAAA, RRSIG, DNSKEY]",
                "KEEPALIVED; lvsd {|# {|driver ; [auto, embedded, kernel, memory]",
                "KEEPALIVED; virtual_server_group g {|1; []",
                "KEEPALIVED; vrrp_instance V {|st; []",
                "HOCON; lvsd {|st; [stop]",
                "HOCON; virtual_server {|w; []",
                "HOCON; virtual_server {|web {|quor; [quorum, quorum_down, quorum_up]",
                "HOCON; virtual_server { web { real_server = [{ HTTP_GET { url = [{ pat; [path]",
                "HOCON; virtual_server {|web {|real_server = [|{|weight = 1|}|{|uth; [uthreshold]"
            })
    void theKeywordsOfTheBlockAroundAreOffered(ConfigFormat format, String before, String offered) {
        assertEquals(
                offered,
                Completion.at(before.replace('|', '\n') + (before.endsWith("driver") ? " " : ""), format).stream()
                        .map(Completion.Candidate::word)
                        .toList()
                        .toString());
    }
}
