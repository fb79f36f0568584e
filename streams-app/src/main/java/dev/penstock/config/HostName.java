package dev.penstock.config;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The name of this machine, in the letters that an instance id allows. */
final class HostName {

    private static final int MAX_LENGTH = 64;

    private HostName() {}

    static String local() {
        String name = sanitised(raw());
        return name.isEmpty() ? "localhost" : name;
    }

    private static String raw() {
        String fromEnvironment = System.getenv("HOSTNAME");
        if (fromEnvironment != null && !fromEnvironment.isBlank()) {
            return fromEnvironment;
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException unnamed) {
            return "localhost";
        }
    }

    static String sanitised(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._-]", "-");
        return safe.substring(0, Math.min(safe.length(), MAX_LENGTH));
    }
}
