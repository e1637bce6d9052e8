package io.lvsd.ipvs;

import io.lvsd.ipvs.ffm.Errno;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A table for tests: keeps the contract, remembers every command, and fails those that it is told to. */
public final class FakeIpvs implements IpvsClient {
    private final MemoryIpvs table = new MemoryIpvs();
    private final List<IpvsCommand> seen = new ArrayList<>();
    private Predicate<IpvsCommand> refused = _ -> false;
    private Runnable afterEach = () -> {};

    /** From now on the kernel refuses these with EINVAL. */
    public void refuse(Predicate<IpvsCommand> commands) {
        refused = commands;
    }

    /** Called after every single command. */
    public void afterEach(Runnable observer) {
        afterEach = observer;
    }

    /** Every command so far, carried out or not. */
    public List<IpvsCommand> seen() {
        return List.copyOf(seen);
    }

    public void forget() {
        seen.clear();
    }

    @Override
    public IpvsSnapshot read() {
        return table.read();
    }

    @Override
    public List<ApplyResult> apply(List<IpvsCommand> commands) {
        List<ApplyResult> results = new ArrayList<>();
        for (IpvsCommand command : commands) {
            seen.add(command);
            results.add(
                    refused.test(command)
                            ? new ApplyResult.Rejected(Errno.EINVAL.number(), "")
                            : table.apply(List.of(command)).getFirst());
            afterEach.run();
        }
        return results;
    }

    @Override
    public void close() {
        table.close();
    }
}
