package io.lvsd.core.engine;

import io.lvsd.ipvs.IpvsCommand;

/** What a command changes, as text: the next successful command about the same subject ends a failure. */
final class CommandSubject {
    private CommandSubject() {}

    static String of(IpvsCommand command) {
        return switch (command) {
            case IpvsCommand.NewService(var service) -> service.key().toString();
            case IpvsCommand.SetService(var service) -> service.key().toString();
            case IpvsCommand.DelService(var key) -> key.toString();
            case IpvsCommand.NewDest(var key, var destination) -> key + " -> " + destination.key();
            case IpvsCommand.SetDest(var key, var destination) -> key + " -> " + destination.key();
            case IpvsCommand.DelDest(var key, var destination) -> key + " -> " + destination;
            case IpvsCommand.NewDaemon _,
                    IpvsCommand.DelDaemon _,
                    IpvsCommand.SetTimeouts _,
                    IpvsCommand.Zero _,
                    IpvsCommand.ZeroAll _ -> command.toString();
        };
    }
}
