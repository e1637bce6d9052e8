package io.lvsd.conf.convert;

import io.lvsd.conf.source.Origin;
import io.lvsd.conf.source.Problems;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The lines of ldirectord.cf: virtual services with their settings, and global settings. */
final class LdirectordFile {
    private static final Pattern SETTING = Pattern.compile("(\\s*)([\\w-]+)\\s*=\\s*(.*?)\\s*");

    private final Problems problems;
    private final Map<String, Setting> global = new HashMap<>();

    LdirectordFile(Problems problems) {
        this.problems = problems;
    }

    /** A line {@code NAME = VALUE}. */
    record Setting(String name, String value, Origin origin) {}

    /** A virtual service and the settings that are indented below it. */
    record Service(Setting head, List<Setting> settings) {
        Optional<Setting> last(String name) {
            return settings.stream().filter(s -> s.name().equals(name)).reduce((_, b) -> b);
        }
    }

    List<Service> services(String file, String text) {
        List<Service> services = new ArrayList<>();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = lines[i].replaceFirst("\\s*(^|\\s)#.*", "");
            if (line.isBlank()) {
                continue;
            }
            Matcher m = SETTING.matcher(line);
            if (!m.matches()) {
                problems.error(new Origin(file, i + 1, 1, lines[i]), "invalid line", "expected: NAME = VALUE");
                continue;
            }
            String name = m.group(2).toLowerCase(Locale.ROOT);
            Setting setting = new Setting(name, m.group(3), new Origin(file, i + 1, m.start(2) + 1, lines[i]));
            if (name.equals("virtual") || name.equals("virtual6")) {
                services.add(new Service(setting, new ArrayList<>()));
            } else if (m.group(1).isEmpty()) {
                global(setting);
            } else if (services.isEmpty()) {
                problems.error(setting.origin(), "indented setting without a virtual service above it");
            } else {
                services.getLast().settings().add(setting);
            }
        }
        return services;
    }

    void global(Setting setting) {
        switch (setting.name()) {
            case "checktimeout",
                    "negotiatetimeout",
                    "checkinterval",
                    "checkcount",
                    "failurecount",
                    "fallback",
                    "quiescent" -> global.put(setting.name(), setting);
            default -> lost(setting, "");
        }
    }

    Optional<Setting> setting(Service service, String name) {
        return service.last(name).or(() -> Optional.ofNullable(global.get(name)));
    }

    /** Reports a setting that is not converted. */
    void lost(Setting setting, String why) {
        problems.warning(
                setting.origin(),
                "'" + setting.name() + "' is not converted"
                        + (why.isEmpty() ? ": lvsd has no such setting" : ": " + why));
    }
}
