{{/* What no schema can say: values that must fit each other, and secrets that are none of a ConfigMap's business. */}}
{{- define "penstock.validate" -}}
{{- $partitions := include "penstock.partitions" . | int -}}
{{- if gt (int .Values.replicas) $partitions -}}
{{- fail (printf "replicas: %d (expected: at most config.topics.partitions, %d; an instance without a partition has nothing to do)" (int .Values.replicas) $partitions) -}}
{{- end -}}
{{- if .Values.autoscaling.enabled -}}
{{- if gt (int .Values.autoscaling.maxReplicas) $partitions -}}
{{- fail (printf "autoscaling.maxReplicas: %d (expected: at most config.topics.partitions, %d)" (int .Values.autoscaling.maxReplicas) $partitions) -}}
{{- end -}}
{{- if gt (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas) -}}
{{- fail (printf "autoscaling.minReplicas: %d (expected: at most autoscaling.maxReplicas, %d)" (int .Values.autoscaling.minReplicas) (int .Values.autoscaling.maxReplicas)) -}}
{{- end -}}
{{- if not .Values.autoscaling.prometheus.serverAddress -}}
{{- fail "autoscaling.prometheus.serverAddress: not set (expected: the URL of Prometheus, where autoscaling.enabled is true)" -}}
{{- end -}}
{{- end -}}
{{- if and .Values.autoscaling.prometheus.authenticationRef (not .Values.autoscaling.prometheus.authModes) -}}
{{- fail "autoscaling.prometheus.authModes: not set (expected: bearer, basic, tls or custom, where authenticationRef is set; without it KEDA sends no login)" -}}
{{- end -}}
{{- if and .Values.serviceMonitor.enabled (gt (include "penstock.seconds" .Values.serviceMonitor.scrapeTimeout | int) (include "penstock.seconds" .Values.serviceMonitor.interval | int)) -}}
{{- fail (printf "serviceMonitor.scrapeTimeout: %s (expected: at most serviceMonitor.interval, %s)" .Values.serviceMonitor.scrapeTimeout .Values.serviceMonitor.interval) -}}
{{- end -}}
{{- if contains "RAMPercentage" .Values.jvm.options -}}
{{- fail "jvm.options: -XX:MaxRAMPercentage has no effect, since the image sets it after these (expected: -Xmx)" -}}
{{- end -}}
{{- if gt (include "penstock.drainSeconds" . | int) 3600 -}}
{{- fail (printf "config.drain.grace: %s (expected: a duration, 0s..1h)" .Values.config.drain.grace) -}}
{{- end -}}
{{- if hasKey .Values.config "instance" -}}
{{- fail "config.instance: is set by the chart, from the name of the pod (leave it out)" -}}
{{- end -}}
{{- if hasKey (default dict .Values.config.console) "host" -}}
{{- fail "config.console.host: is set by the image, to all addresses of the pod (leave it out)" -}}
{{- end -}}
{{- if eq (include "penstock.consolePort" .) (include "penstock.probesPort" .) -}}
{{- fail (printf "config.console.probes_port: %s (expected: another than config.console.port)" (include "penstock.probesPort" .)) -}}
{{- end -}}
{{- range $server := splitList "," (include "penstock.bootstrapServers" .) -}}
{{- if not (regexMatch "^.+:[0-9]{1,5}$" (trim $server)) -}}
{{- fail (printf "config.kafka.bootstrap.servers: %q (expected: host:port, with commas)" $server) -}}
{{- end -}}
{{- end -}}
{{- include "penstock.noKafkaSecret" (dict "path" "" "value" (default dict .Values.config.kafka)) -}}
{{- include "penstock.noKey" (dict "path" "" "value" .Values) -}}
{{- end -}}

{{/* Kafka properties that are secrets, by the rule of the program (KafkaNames), as references only. */}}
{{- define "penstock.noKafkaSecret" -}}
{{- range $key, $value := .value -}}
{{- $path := ternary $key (printf "%s.%s" $.path $key) (eq $.path "") -}}
{{- if and (kindIs "map" $value) (not (or (hasKey $value "env") (hasKey $value "file"))) -}}
{{- include "penstock.noKafkaSecret" (dict "path" $path "value" $value) -}}
{{- else if not (kindIs "map" $value) -}}
{{- $lower := lower $path -}}
{{- if and (regexMatch "password|secret|jaas\\.config|passphrase|token|credential|ssl\\.keystore\\.key|private\\.key" $lower) (not (regexMatch "(\\.(url|uri|path|file|location|ms|seconds|class|type|name|id|algorithm)|urls)$" $lower)) -}}
{{- fail (printf "config.kafka.%s: a secret as it is (expected: {env: NAME} or {file: PATH}, and the Secret in secrets)" $path) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{/* Texts that look like a provider's key, wherever they stand. The message does not repeat them. */}}
{{- define "penstock.noKey" -}}
{{- if kindIs "map" .value -}}
{{- range $key, $value := .value -}}
{{- include "penstock.noKey" (dict "path" (printf "%s.%s" $.path $key | trimPrefix ".") "value" $value) -}}
{{- end -}}
{{- else if kindIs "slice" .value -}}
{{- range $value := .value -}}
{{- include "penstock.noKey" (dict "path" $.path "value" $value) -}}
{{- end -}}
{{- else if kindIs "string" .value -}}
{{- if regexMatch "(^|[^A-Za-z0-9])sk-[A-Za-z0-9_-]{16,}" .value -}}
{{- fail (printf "%s: looks like a provider's key (expected: none in values; a Secret, named in secrets)" .path) -}}
{{- end -}}
{{- end -}}
{{- end -}}
