{{- define "penstock.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{/* 52: Kubernetes puts a hash of up to 11 characters behind a StatefulSet's name, into a label of at most 63. */}}
{{- define "penstock.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride -}}
{{- else if contains (include "penstock.name" .) .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "penstock.name" .) | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "penstock.serviceAccountName" -}}
{{- default (ternary (include "penstock.fullname" .) "default" .Values.serviceAccount.create) .Values.serviceAccount.name -}}
{{- end -}}

{{/* What all pods of a release have in common, the topics job's too. */}}
{{- define "penstock.releaseLabels" -}}
app.kubernetes.io/name: {{ include "penstock.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{/* The pods of the pipeline, and no others. */}}
{{- define "penstock.selectorLabels" -}}
{{ include "penstock.releaseLabels" . }}
app.kubernetes.io/component: pipeline
{{- end -}}

{{- define "penstock.labels" -}}
{{ include "penstock.releaseLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "penstock.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "penstock.partitions" -}}
{{- dig "topics" "partitions" 24 .Values.config | int -}}
{{- end -}}

{{- define "penstock.consolePort" -}}
{{- dig "console" "port" 8080 .Values.config | int -}}
{{- end -}}

{{- define "penstock.probesPort" -}}
{{- dig "console" "probes_port" 8081 .Values.config | int -}}
{{- end -}}

{{/* Seconds of a duration such as 250ms, 30s, 10m, 1h, rounded up. */}}
{{- define "penstock.seconds" -}}
{{- $number := regexFind "^[0-9]+" . | int -}}
{{- $unit := regexFind "[a-z]+$" . -}}
{{- if eq $unit "ms" -}}
{{- div (add $number 999) 1000 -}}
{{- else -}}
{{- mul $number (get (dict "s" 1 "m" 60 "h" 3600 "d" 86400) $unit) -}}
{{- end -}}
{{- end -}}

{{- define "penstock.drainSeconds" -}}
{{- include "penstock.seconds" (dig "drain" "grace" "30s" .Values.config) -}}
{{- end -}}

{{/* "host:port" with commas. */}}
{{- define "penstock.bootstrapServers" -}}
{{- $kafka := default dict .Values.config.kafka -}}
{{- $servers := default (get $kafka "bootstrap.servers") (dig "bootstrap" "servers" "" $kafka) -}}
{{- if kindIs "slice" $servers -}}{{- join "," $servers -}}{{- else -}}{{- $servers -}}{{- end -}}
{{- end -}}

{{/* Ports of the brokers that the configuration names, with commas. Brokers behind them mostly have the same. */}}
{{- define "penstock.kafkaPorts" -}}
{{- $ports := list -}}
{{- range splitList "," (include "penstock.bootstrapServers" .) -}}
{{- $ports = append $ports (regexFind "[0-9]+$" (trim .)) -}}
{{- end -}}
{{- join "," (uniq $ports) -}}
{{- end -}}

{{/* Ports of the providers that the configuration names, with commas; 443 is that of OpenAI and Anthropic. */}}
{{- define "penstock.providerPorts" -}}
{{- $urls := list (dig "provider" "base_url" "" .Values.config) -}}
{{- range $target := values (default dict .Values.config.targets) -}}
{{- $urls = append $urls (dig "base_url" "" $target) -}}
{{- end -}}
{{- $ports := list "443" -}}
{{- range $url := $urls -}}
{{- $port := regexFind ":[0-9]+(/|$)" $url | trimPrefix ":" | trimSuffix "/" -}}
{{- if $port -}}
{{- $ports = append $ports $port -}}
{{- else if hasPrefix "http://" $url -}}
{{- $ports = append $ports "80" -}}
{{- end -}}
{{- end -}}
{{- join "," (uniq $ports) -}}
{{- end -}}

{{/* The configuration as the program reads it. The console answers under the names of its Services too. */}}
{{- define "penstock.config" -}}
{{- $config := deepCopy .Values.config -}}
{{- $kafka := default dict $config.kafka -}}
{{- if dig "bootstrap" "servers" "" $kafka -}}
{{- /* The default is spelled with a dot; both would be said twice. */ -}}
{{- $_ := unset $kafka "bootstrap.servers" -}}
{{- end -}}
{{- $console := default dict $config.console -}}
{{- $name := include "penstock.fullname" . -}}
{{- $names := list -}}
{{- range $service := list $name (printf "%s-headless" $name) -}}
{{- $names = concat $names (list $service (printf "%s.%s" $service $.Release.Namespace) (printf "%s.%s.svc" $service $.Release.Namespace)) -}}
{{- end -}}
{{- $_ := set $console "names" (concat (default list $console.names) $names | uniq) -}}
{{- $_ := set $config "console" $console -}}
{{- include "penstock.yaml" (dict "value" $config "indent" 0) -}}
{{- end -}}

{{/* YAML of a map. Not toYaml: Helm's numbers are floating, and 1000000 would be 1e+06, which is no whole number. */}}
{{- define "penstock.yaml" -}}
{{- range $key, $value := .value }}
{{ repeat (int $.indent) "  " }}{{ $key | toJson }}:
{{- if kindIs "map" $value }}
{{- include "penstock.yaml" (dict "value" $value "indent" (add1 $.indent)) }}
{{- else if kindIs "slice" $value }} [{{ range $i, $item := $value }}{{ if $i }}, {{ end }}{{ include "penstock.scalar" $item }}{{ end }}]
{{- else if not (kindIs "invalid" $value) }} {{ include "penstock.scalar" $value }}
{{- end }}
{{- end }}
{{- end -}}

{{- define "penstock.scalar" -}}
{{- if kindIs "float64" . -}}
{{- if eq (floor .) . -}}{{- printf "%.0f" . -}}{{- else -}}{{- printf "%v" . -}}{{- end -}}
{{- else -}}
{{- toJson . -}}
{{- end -}}
{{- end -}}

{{- define "penstock.podSecurityContext" -}}
runAsNonRoot: true
{{- with .Values.security.runAsUser }}
runAsUser: {{ int . }}
# The image's working directory belongs to group 0.
runAsGroup: 0
{{- end }}
{{- with .Values.security.fsGroup }}
fsGroup: {{ int . }}
fsGroupChangePolicy: OnRootMismatch
{{- end }}
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "penstock.containerSecurityContext" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{/* Variables that every container of ours has. Takes the root and the secrets to give. */}}
{{- define "penstock.env" -}}
- name: PENSTOCK_CONFIG
  value: /etc/penstock/penstock.yaml
- name: PENSTOCK_LOG_FORMAT
  value: {{ .root.Values.log.format }}
- name: PENSTOCK_LOG_LEVEL
  value: {{ .root.Values.log.level }}
{{- range .root.Values.env }}
- name: {{ .name }}
  value: {{ .value | quote }}
{{- end }}
{{- range .secrets.env }}
- name: {{ .name }}
  valueFrom:
    secretKeyRef:
      name: {{ .secret }}
      key: {{ .key }}
{{- end }}
{{- end -}}

{{- define "penstock.volumeMounts" -}}
- name: config
  mountPath: /etc/penstock
  readOnly: true
{{- range $i, $file := .secrets.files }}
- name: secret-{{ $i }}
  mountPath: /run/secrets/{{ default $file.secret $file.as }}
  readOnly: true
{{- end }}
{{- end -}}

{{- define "penstock.secretVolumes" -}}
{{- range $i, $file := .secrets.files }}
- name: secret-{{ $i }}
  secret:
    secretName: {{ $file.secret }}
    defaultMode: 0440
{{- end }}
{{- end -}}

{{- define "penstock.configData" -}}
penstock.yaml: |
  {{- include "penstock.config" . | nindent 2 }}
{{- range $name, $text := .Values.configFiles }}
{{ $name }}: |
  {{- $text | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "penstock.probe" -}}
periodSeconds: {{ int .periodSeconds }}
timeoutSeconds: {{ int .timeoutSeconds }}
failureThreshold: {{ int .failureThreshold }}
{{- end -}}

{{/* Egress to peers on TCP ports. Takes the ports as a list and the peers. */}}
{{- define "penstock.egress" -}}
- ports:
    {{- range .ports }}
    - {protocol: TCP, port: {{ int . }}}
    {{- end }}
  {{- with .to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "penstock.dnsEgress" -}}
- ports:
    - {protocol: UDP, port: 53}
    - {protocol: TCP, port: 53}
  {{- with .Values.networkPolicy.egress.dns.to }}
  to: {{- toYaml . | nindent 4 }}
  {{- end }}
{{- end -}}

{{- define "penstock.kafkaEgress" -}}
{{- $kafka := .Values.networkPolicy.egress.kafka -}}
{{- include "penstock.egress" (dict "ports" (concat (splitList "," (include "penstock.kafkaPorts" .)) $kafka.ports) "to" $kafka.to) -}}
{{- end -}}
