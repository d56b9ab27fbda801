{{- /* What all pods have in common: no root, nothing to write to, no token of the cluster. */ -}}

{{- /* Takes root. */ -}}
{{- define "fio.pod" -}}
{{- with .root.Values }}
{{- with .serviceAccountName }}
serviceAccountName: {{ . }}
{{- end }}
automountServiceAccountToken: false
# The cluster would add variables of its own, as INGEST_PORT for a Service called ingest: settings of Fio by chance.
enableServiceLinks: false
{{- with .image.pullSecrets }}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{- end }}
{{- with .priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- with .nodeSelector }}
nodeSelector: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .tolerations }}
tolerations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .affinity }}
affinity: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
securityContext:
  runAsNonRoot: true
  # The image's user node, by number: the cluster cannot tell of a name whether it is root.
  runAsUser: 1000
  runAsGroup: 1000
  # Whose files the secrets are.
  fsGroup: 1000
  seccompProfile:
    type: RuntimeDefault
{{- end -}}

{{- /* What a container runs, knows and may; takes root, part, spec, resources. */ -}}
{{- define "fio.container" -}}
image: {{ include "fio.image" .root }}
imagePullPolicy: {{ .root.Values.image.pullPolicy }}
command: [node, {{ .spec.command }}]
{{- with .arguments }}
args: {{- toYaml . | nindent 2 }}
{{- end }}
env: {{- include "fio.environment" . | nindent 2 }}
resources: {{- toYaml .resources | nindent 2 }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
volumeMounts:
  - name: secrets-{{ .part }}
    mountPath: /run/fio
    readOnly: true
  - name: tmp
    mountPath: /tmp
  {{- if .root.Values.certificateAuthority.configMap }}
  - name: authority
    mountPath: /run/authority
    readOnly: true
  {{- end }}
{{- end -}}

{{- /* A part's own secrets, key by key: a Secret that holds more gives no more. Takes root, part, spec. */ -}}
{{- define "fio.secretVolume" -}}
- name: secrets-{{ .part }}
  secret:
    secretName: {{ include "fio.secret" . }}
    # r--r-----
    defaultMode: 288
    items:
      {{- range include "fio.secretNames" . | fromYamlArray }}
      - key: {{ lower . }}
        path: {{ lower . }}
      {{- end }}
{{- end -}}

{{- /* Takes root. */ -}}
{{- define "fio.volumes" -}}
- name: tmp
  emptyDir:
    medium: Memory
    sizeLimit: 16Mi
{{- with .root.Values.certificateAuthority }}
{{- if .configMap }}
- name: authority
  configMap:
    name: {{ .configMap }}
    items:
      - key: {{ .key }}
        path: ca.crt
{{- end }}
{{- end }}
{{- end -}}

{{- /* Takes root, part. */ -}}
{{- define "fio.podMetadata" -}}
labels:
  {{- include "fio.labels" . | nindent 2 }}
  {{- with .root.Values.podLabels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .root.Values.podAnnotations }}
annotations: {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}
