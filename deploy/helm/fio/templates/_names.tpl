{{- /* What everything is called. */ -}}

{{- define "fio.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 40 | trimSuffix "-" -}}
{{- else if contains .Chart.Name .Release.Name -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name .Chart.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- /* By which pods of a part are chosen; never changes. Takes root, part. */ -}}
{{- define "fio.selector" -}}
app.kubernetes.io/name: {{ .root.Chart.Name }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end -}}

{{- /* Takes root, part. */ -}}
{{- define "fio.labels" -}}
{{ include "fio.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
app.kubernetes.io/part-of: fio
app.kubernetes.io/managed-by: {{ .root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .root.Chart.Name .root.Chart.Version | replace "+" "_" }}
{{- end -}}

{{- define "fio.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{ .repository }}@{{ .digest }}
{{- else -}}
{{ .repository }}:{{ .tag | default $.Chart.AppVersion }}
{{- end -}}
{{- end -}}
{{- end -}}

{{- /* Of a part; takes root, part, spec. */ -}}
{{- define "fio.secret" -}}
{{- $of := .spec.secretOf | default .part -}}
{{- index .root.Values.secrets $of | default (printf "%s-%s" (include "fio.fullname" .root) $of) -}}
{{- end -}}

{{- /* The parts that run all the time, as one line. */ -}}
{{- define "fio.running" -}}
ingest worker api web{{ if .Values.whatsapp.enabled }} whatsapp{{ end }}
{{- end -}}

{{- /* The host of PUBLIC_URL. */ -}}
{{- define "fio.host" -}}
{{- $url := .Values.settings.PUBLIC_URL | required "settings.PUBLIC_URL: must be set beside ingress.enabled, e.g. https://fio.example.com" -}}
{{- get (urlParse $url) "host" | splitList ":" | first -}}
{{- end -}}
