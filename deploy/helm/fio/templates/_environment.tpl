{{- /* What a part is told, and from which files it reads what is secret. */ -}}

{{- /* Where WhatsApp's own part receives answers. */ -}}
{{- define "fio.ownReceiver" -}}
http://{{ include "fio.fullname" . }}-whatsapp:8002/deliveries
{{- end -}}

{{- /* The settings in force, as YAML: those given, and what follows from them. */ -}}
{{- define "fio.settings" -}}
{{- $settings := dict -}}
{{- range $name, $value := .Values.settings -}}
{{- if ne (toString $value) "" -}}
{{- /* A large number would be written as 1e+06. */ -}}
{{- if and (kindIs "float64" $value) (eq (floor $value) $value) -}}
{{- $_ := set $settings $name (int64 $value | toString) -}}
{{- else -}}
{{- $_ := set $settings $name (toString $value) -}}
{{- end -}}
{{- end -}}
{{- end -}}
{{- if and .Values.whatsapp.enabled (hasKey $settings "WHATSAPP_NUMBERS") (not (hasKey $settings "DELIVERY_URL")) -}}
{{- $_ := set $settings "DELIVERY_URL" (include "fio.ownReceiver" .) -}}
{{- end -}}
{{- toYaml $settings -}}
{{- end -}}

{{- /* The names of the secrets that a part reads, as a YAML list; takes root, part, spec. */ -}}
{{- define "fio.secretNames" -}}
{{- $settings := include "fio.settings" .root | fromYaml -}}
{{- $names := .spec.secrets -}}
{{- range $setting, $more := .spec.secretsWhen -}}
{{- if hasKey $settings $setting }}{{ $names = concat $names $more }}{{ end -}}
{{- end -}}
{{- range index .root.Values.optionalSecrets .part | default list -}}
{{- $names = append $names (upper .) -}}
{{- end -}}
{{- toYaml ($names | uniq | sortAlpha) -}}
{{- end -}}

{{- /* Takes root, part, spec. */ -}}
{{- define "fio.environment" -}}
{{- $fullname := include "fio.fullname" .root -}}
{{- $settings := include "fio.settings" .root | fromYaml -}}
{{- $parts := .root.Files.Get "files/parts.yaml" | fromYaml -}}
{{- $running := splitList " " (include "fio.running" .root) -}}
{{- if .spec.port }}
- name: OPERATIONS_PORT
  value: "9464"
{{- end }}
{{- range $name, $value := .spec.fixed }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- range .spec.calls }}
- name: {{ upper . }}_URL
  value: http://{{ $fullname }}-{{ . }}:{{ (index $parts .).port }}
{{- end }}
{{- range .spec.asks }}
{{- if has . $running }}
- name: {{ upper . }}_URL
  value: http://{{ $fullname }}-{{ . }}-each:{{ (index $parts .).port }}
{{- end }}
{{- end }}
{{- range .spec.settings }}
{{- if hasKey $settings . }}
- name: {{ . }}
  value: {{ index $settings . | quote }}
{{- end }}
{{- end }}
{{- range include "fio.secretNames" . | fromYamlArray }}
- name: {{ . }}_FILE
  value: /run/fio/{{ lower . }}
{{- end }}
{{- if .root.Values.certificateAuthority.configMap }}
- name: NODE_EXTRA_CA_CERTS
  value: /run/authority/ca.crt
{{- end }}
{{- end -}}
