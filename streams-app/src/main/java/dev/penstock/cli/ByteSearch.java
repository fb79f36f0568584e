package dev.penstock.cli;

/** Looks for bytes in bytes: far quicker than parsing what does not hold them. */
final class ByteSearch {

    private ByteSearch() {}

    static boolean contains(byte[] bytes, byte[] wanted) {
        int last = bytes.length - wanted.length;
        for (int start = 0; start <= last; start++) {
            if (isAt(bytes, start, wanted)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isAt(byte[] bytes, int start, byte[] wanted) {
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[start + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }
}
