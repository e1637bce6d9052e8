package io.lvsd.core.cli;

import io.lvsd.core.control.ControlClient;
import io.lvsd.core.control.SnmpRequests;
import io.lvsd.snmp.pass.PassPersist;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.VariableBinding;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code lvsd pass-persist}: connects snmpd to the daemon where AgentX is not possible. */
@Command(
        name = "pass-persist",
        description = {
            "Answer snmpd's requests for LVS-MIB and KEEPALIVED-MIB on stdin and stdout, read only.",
            "For snmpd.conf: pass_persist .1.3.6.1.4.1.8225.4711 /usr/bin/lvsd pass-persist"
        },
        mixinStandardHelpOptions = true)
final class PassPersistCommand implements Callable<Integer> {
    @Mixin
    private RunDirOption daemon = new RunDirOption();

    @Mixin
    private TimeoutOption timeout = new TimeoutOption();

    @Override
    public Integer call() throws IOException {
        PassPersist.serve(
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.ISO_8859_1)),
                new OutputStreamWriter(System.out, StandardCharsets.ISO_8859_1),
                new Values());
        return ExitStatus.DONE;
    }

    /** The values of the daemon. */
    private final class Values implements PassPersist.Lookup {
        @Override
        public Optional<VariableBinding> get(OID oid) throws IOException {
            return request("snmp-get", oid);
        }

        @Override
        public Optional<VariableBinding> next(OID oid) throws IOException {
            return request("snmp-next", oid);
        }

        private Optional<VariableBinding> request(String type, OID oid) throws IOException {
            return SnmpRequests.decoded(
                    ControlClient.request(daemon.socket(), type + " " + oid.toDottedString(), timeout.value()));
        }
    }
}
