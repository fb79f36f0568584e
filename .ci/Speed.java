import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Prints how many milliseconds this machine takes now for a fixed piece of work on two threads: the median of five runs. */
final class Speed {

    private static final int RUNS = 5;
    private static final int THREADS = 2;
    private static final int ROUNDS = 600;

    private Speed() {}

    public static void main(String[] args) throws Exception {
        long[] millis = new long[RUNS];
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            work(threads);
            for (int run = 0; run < RUNS; run++) {
                long start = System.nanoTime();
                work(threads);
                millis[run] = (System.nanoTime() - start) / 1_000_000;
            }
        }
        Arrays.sort(millis);
        System.out.println(millis[RUNS / 2]);
    }

    private static void work(ExecutorService threads) throws Exception {
        List<Callable<byte[]>> parts = new ArrayList<>();
        for (int thread = 0; thread < THREADS; thread++) {
            parts.add(() -> digest(new byte[1 << 18]));
        }
        for (Future<byte[]> part : threads.invokeAll(parts)) {
            part.get();
        }
    }

    private static byte[] digest(byte[] block) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("MD5");
        for (int round = 0; round < ROUNDS; round++) {
            digest.update(block);
        }
        return digest.digest();
    }
}
