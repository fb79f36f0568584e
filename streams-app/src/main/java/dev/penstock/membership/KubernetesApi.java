package dev.penstock.membership;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The API of the cluster that this pod is in, as its service account sees it. Every answer is bounded in time and size. */
public final class KubernetesApi {

    /** Where Kubernetes mounts the account's token and the API's certificate authority. */
    public static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_BYTES = 2 << 20;
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{1,16384}");
    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

    private final URI base;
    private final Path serviceAccount;
    private final Duration patience;

    /**
     * @param serviceAccount the directory with {@code token} and {@code ca.crt}
     * @param patience for one question, connection and answer together
     */
    KubernetesApi(URI base, Path serviceAccount, Duration patience) {
        this.base = base;
        this.serviceAccount = serviceAccount;
        this.patience = patience;
    }

    /** The API that Kubernetes names in the environment of each container; empty if there is none. */
    public static Optional<KubernetesApi> ofCluster(Map<String, String> environment) {
        String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
        String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "");
        if (!host.matches("[A-Za-z0-9.:-]{1,253}") || !port.matches("[0-9]{1,5}")) {
            return Optional.empty();
        }
        URI base = URI.create("https://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port);
        return Optional.of(new KubernetesApi(base, SERVICE_ACCOUNT, PATIENCE));
    }

    /** Looks at a StatefulSet. Whatever goes wrong is an answer too. */
    public StatefulSetLook statefulSet(String namespace, String name) throws InterruptedException {
        if (!NAMESPACE.matcher(namespace).matches()) {
            return new StatefulSetLook.Unknown("namespace: not a name (expected: the pod's, in POD_NAMESPACE)");
        }
        try {
            HttpClient client = client();
            try {
                HttpRequest request = request("/apis/apps/v1/namespaces/" + namespace + "/statefulsets/" + name);
                HttpResponse<byte[]> answer = client.sendAsync(
                                request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_BYTES))
                        .get(patience.toMillis(), TimeUnit.MILLISECONDS);
                return StatefulSetReader.read(answer.statusCode(), answer.body(), name);
            } finally {
                client.shutdownNow();
            }
        } catch (IOException | GeneralSecurityException unusable) {
            return new StatefulSetLook.Unknown(
                    serviceAccount + ": no service account (expected: token and ca.crt; automountServiceAccountToken)");
        } catch (TimeoutException slow) {
            return new StatefulSetLook.Unknown(base + ": no answer within " + patience.toMillis() + " ms");
        } catch (ExecutionException failed) {
            return new StatefulSetLook.Unknown(base + ": " + reason(failed));
        }
    }

    /** The type alone: texts of exceptions may quote what was sent. */
    private static String reason(ExecutionException failed) {
        Throwable cause = failed.getCause() == null ? failed : failed.getCause();
        return "cannot be asked: " + cause.getClass().getSimpleName();
    }

    private HttpRequest request(String path) throws IOException {
        String token = Files.readString(serviceAccount.resolve("token")).strip();
        if (!TOKEN.matcher(token).matches()) {
            throw new IOException("no token");
        }
        return HttpRequest.newBuilder(base.resolve(path))
                .header("Authorization", "Bearer " + token)
                .header("Accept", "application/json")
                .GET()
                .build();
    }

    private HttpClient client() throws IOException, GeneralSecurityException {
        return HttpClient.newBuilder()
                .sslContext(trusting(serviceAccount.resolve("ca.crt")))
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
    }

    private static SSLContext trusting(Path authority) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        try (InputStream pem = Files.newInputStream(authority)) {
            for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
                store.setCertificateEntry("ca-" + store.size(), each);
            }
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        return tls;
    }
}
