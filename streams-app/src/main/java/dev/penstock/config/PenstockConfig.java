package dev.penstock.config;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Everything that can be set. Made by {@link ConfigLoader}; every value has been checked.
 *
 * @param applicationId Kafka Streams application id: consumer group, changelog names
 * @param kafka client properties, passed through untouched
 * @param targets where calls can be sent; without any that is named, the provider alone
 * @param tiers the built-in ones first; every chain names targets of {@code targets}
 * @param classifier in order; none for the built-in rules
 */
public record PenstockConfig(
        String applicationId,
        InstanceConfig instance,
        KafkaProperties kafka,
        TopicsConfig topics,
        IntakeConfig intake,
        IdempotencyConfig idempotency,
        CacheConfig cache,
        BatchingConfig batching,
        BudgetsConfig budgets,
        DispatchConfig dispatch,
        ProviderConfig provider,
        List<TargetConfig> targets,
        List<TierConfig> tiers,
        List<ClassifierRuleConfig> classifier,
        RetryConfig retry,
        BreakerConfig breaker,
        StreamsConfigSection streams,
        ConsoleConfig console,
        DrainConfig drain) {

    public PenstockConfig {
        targets = List.copyOf(targets);
        tiers = List.copyOf(tiers);
        classifier = List.copyOf(classifier);
    }

    static final Setting<String> APPLICATION_ID = new Setting<>(
            "application_id",
            ValueType.text("1 to 100 of letters, digits, '.', '_' and '-'", "[A-Za-z0-9._-]{1,100}"),
            "penstock",
            "Kafka Streams application id. Instances with the same one share the work.");

    /** Keys whose middle is a name that the user chooses. */
    static final List<Section> SECTIONS =
            List.of(TargetConfig.SECTION, TierConfig.SECTION, ClassifierRuleConfig.SECTION);

    /** Every key there is, apart from those of {@link #SECTIONS} and the Kafka properties that are passed through. */
    public static final List<Setting<?>> SETTINGS = Stream.of(
                    List.<Setting<?>>of(APPLICATION_ID),
                    InstanceConfig.SETTINGS,
                    TopicsConfig.SETTINGS,
                    IntakeConfig.SETTINGS,
                    IdempotencyConfig.SETTINGS,
                    CacheConfig.SETTINGS,
                    BatchingConfig.SETTINGS,
                    BudgetsConfig.SETTINGS,
                    DispatchConfig.SETTINGS,
                    ProviderConfig.SETTINGS,
                    RetryConfig.SETTINGS,
                    BreakerConfig.SETTINGS,
                    StreamsConfigSection.SETTINGS,
                    ConsoleConfig.SETTINGS,
                    DrainConfig.SETTINGS)
            .<Setting<?>>flatMap(List::stream)
            .toList();

    /** The configuration of someone who has set nothing. */
    public static PenstockConfig defaults() {
        return of();
    }

    /**
     * The defaults with some keys set, as {@code --set} would.
     *
     * @param sets {@code key=value} each
     * @throws IllegalArgumentException if one of them is wrong
     */
    public static PenstockConfig of(String... sets) {
        try {
            return ConfigLoader.load(null, Map.of(), List.of(sets));
        } catch (ConfigException wrong) {
            throw new IllegalArgumentException(wrong.getMessage(), wrong);
        }
    }

    /** The same with every target at one place that gets no keys, wherever it is. */
    public PenstockConfig withTargetsAt(URI place) {
        return new PenstockConfig(
                applicationId,
                instance,
                kafka,
                topics,
                intake,
                idempotency,
                cache,
                batching,
                budgets,
                dispatch,
                provider,
                targets.stream().map(target -> target.at(place)).toList(),
                tiers,
                classifier,
                retry,
                breaker,
                streams,
                console,
                drain);
    }

    static PenstockConfig from(Values values) {
        DispatchConfig dispatch = DispatchConfig.from(values);
        ProviderConfig provider = ProviderConfig.from(values);
        List<TargetConfig> targets = new TargetReader(values, provider, dispatch).read();
        PenstockConfig config = new PenstockConfig(
                values.get(APPLICATION_ID),
                InstanceConfig.from(values),
                values.kafka(),
                TopicsConfig.from(values),
                IntakeConfig.from(values),
                IdempotencyConfig.from(values),
                CacheConfig.from(values),
                BatchingConfig.from(values),
                BudgetsConfig.from(values),
                dispatch,
                provider,
                targets,
                new TierReader(values, provider, targets).read(),
                ClassifierRuleConfig.read(values),
                RetryConfig.from(values),
                BreakerConfig.from(values),
                StreamsConfigSection.from(values),
                ConsoleConfig.from(values),
                DrainConfig.from(values));
        config.checkAcrossSections(values);
        return config;
    }

    private void checkAcrossSections(Values values) {
        values.expect(
                DispatchConfig.MAX_DEADLINE,
                dispatch.maxDeadline().compareTo(topics.retention()) <= 0,
                "at most topics.retention, " + DurationText.write(topics.retention()));
        values.expect(
                DispatchConfig.WAITING_MAX_BYTES,
                dispatch.waitingMaxBytes() >= intake.maxBytes(),
                "at least intake.max_bytes, " + ByteSizeText.write(intake.maxBytes()));
    }
}
