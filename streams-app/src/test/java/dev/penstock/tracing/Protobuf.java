package dev.penstock.tracing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A message in protocol buffers' wire format, read by field numbers. */
final class Protobuf {

    private record Field(int number, byte[] bytes, long value) {}

    private static final byte[] NOTHING = {};

    private final List<Field> fields = new ArrayList<>();

    Protobuf(byte[] message) {
        ByteBuffer in = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        while (in.hasRemaining()) {
            long tag = varint(in);
            fields.add(field(in, (int) (tag >>> 3), (int) (tag & 7)));
        }
    }

    private static Field field(ByteBuffer in, int number, int type) {
        return switch (type) {
            case 0 -> new Field(number, NOTHING, varint(in));
            case 1 -> new Field(number, NOTHING, in.getLong());
            case 2 -> {
                byte[] bytes = new byte[(int) varint(in)];
                in.get(bytes);
                yield new Field(number, bytes, 0);
            }
            case 5 -> new Field(number, NOTHING, in.getInt());
            default -> throw new IllegalArgumentException("wire type: " + type + " (expected: 0, 1, 2 or 5)");
        };
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    boolean has(int number) {
        return fields.stream().anyMatch(field -> field.number() == number);
    }

    List<Protobuf> messages(int number) {
        return fields.stream()
                .filter(field -> field.number() == number)
                .map(field -> new Protobuf(field.bytes()))
                .toList();
    }

    byte[] bytes(int number) {
        return fields.stream()
                .filter(field -> field.number() == number)
                .map(Field::bytes)
                .findFirst()
                .orElse(NOTHING);
    }

    String text(int number) {
        return new String(bytes(number), StandardCharsets.UTF_8);
    }

    long number(int number) {
        return fields.stream()
                .filter(field -> field.number() == number)
                .mapToLong(Field::value)
                .findFirst()
                .orElse(0);
    }
}
