package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"verbatim/internal/app"
)

func TestExampleConfigIsTheDefaults(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "config.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	got, err := parseConfig(data)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(app.DefaultConfig(), got); diff != "" {
		t.Errorf("config.example.yaml is not the defaults (-defaults +example):\n%s", diff)
	}
}

// Every key must stand in the example, or nobody learns of it.
func TestExampleConfigNamesEveryKey(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "config.example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range configKeys() {
		if !strings.Contains("\n"+strings.ReplaceAll(string(data), "  ", ""), "\n"+last(key.name)+":") {
			t.Errorf("config.example.yaml has no %s", key.name)
		}
	}
}

func TestParseConfigErrors(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"misspelt", "model:\n  nmae: x\n", "line 2: there is no key model.nmae; did you mean model.name?"},
		{"misspelt section", "modle:\n  name: x\n", "line 1: there is no key modle; did you mean model?"},
		{"other section", "data: x\nbase_url: http://a\n", "line 2: there is no key base_url; did you mean model.base_url?"},
		{"deep", "discord:\n  limits:\n    usre: 3\n", "line 3: there is no key discord.limits.usre; did you mean discord.limits.user?"},
		{"twice", "data: a\ndata: b\n", "line 2: "},
		{"whole number", "ingest:\n  max_bytes: many\n", "line 2: it must be a whole number, not `many`"},
		{"number", "answer: {threshold: high}\n", "line 1: it must be a number, not `high`"},
		{"yes or no", "model: {stream: 2}\n", "line 1: it must be true or false, not `2`"},
		{"text", "data: [a]\n", "line 1: it must be text, not a list"},
		{"a map", "model: {headers: x}\n", "line 1: it must be keys with values, not `x`"},
		{"a key of a service", "model:\n  api_key: k\n", "line 2: there is no key model.api_key; secrets come from the environment only"},
		{"a token", "discord: {token: t}\n", "secrets come from the environment only"},
		{"section is a word", "model: gpt\n", "line 1: model must hold keys with values"},
		{"a list", "- a\n- b\n", "line 1: the file must hold keys with values"},
		{"a word", "hello", "line 1: the file must hold keys with values"},
		{"syntax", "model: [\n", "line "},
		{"tab", "model:\n\tname: x\n", "line "},
		{"two documents", "data: a\n---\ndata: b\n", "more than one document"},
		{"mode", "answer: {mode: clever}\n", `answer.mode is "clever"; it must be "", extractive or model`},
		{"mode without model", "answer: {mode: model}\n", "no model.name"},
		{"level", "log: {level: loud}\n", `log.level is "loud"`},
		{"url", "model: {base_url: 'ftp://x'}\n", "not an http or https address"},
		{"url with a key", "model: {base_url: 'https://me:secret@x/v1'}\n", "secrets come from the environment only"},
		{"header with a key", "model: {headers: {Authorization: Bearer x}}\n", "secrets come from the environment only"},
		{"zero", "embeddings: {batch: 0}\n", "embeddings.batch must be more than 0"},
		{"negative", "model: {daily_tokens: -1}\n", "must not be negative"},
		{"temperature", "model: {temperature: 3}\n", "between 0 and 2"},
		{"temperature that is no number", "model: {temperature: .nan}\n", "between 0 and 2"},
		{"threshold that is no number", "answer: {threshold: .nan}\n", "between 0 and 1"},
		{"threshold", "answer: {threshold: 1.5}\n", "between 0 and 1"},
		{"timeout", "model: {timeout: soon}\n", "line 1: "},
		{"shards", "discord: {shards: 2-1, shard_count: 4}\n", "discord.shards"},
		{"shards without a count", "discord: {shards: 0-1}\n", "needs a discord.shard_count"},
		{"shard count", "discord: {shard_count: many}\n", "auto or a number"},
		{"binary", "\x00\x01\x02", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := parseConfig([]byte(tt.text))
			if err == nil {
				t.Fatal("no error")
			}
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %q, want %q in it", err, tt.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("error of several lines: %q", err)
			}
			if strings.Contains(err.Error(), "secret@") {
				t.Errorf("the error shows a secret: %q", err)
			}
		})
	}
}

func TestParseConfigTakes(t *testing.T) {
	for _, text := range []string{"", "\n", "# nothing\n", "model:\n", "---\ndata: x\n", "\ufeffdata: x\n"} {
		if _, err := parseConfig([]byte(text)); err != nil {
			t.Errorf("%q: %v", text, err)
		}
	}
	c, err := parseConfig([]byte("model:\n  name: m\n  timeout: 1m30s\n  headers:\n    X-Title: Verbatim\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := app.DefaultConfig()
	want.Model.Name, want.Model.Timeout = "m", 90e9
	want.Model.Headers["X-Title"] = "Verbatim"
	if diff := cmp.Diff(want, c); diff != "" {
		t.Error(diff)
	}
}

func FuzzParseConfig(f *testing.F) {
	f.Add("model:\n  name: x\n")
	f.Add("a: &a [*a]\n<<: *a\n? {b: c}\n: !!int x\n")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := parseConfig([]byte(text))
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("error of several lines: %q", err)
		}
	})
}

func TestShardsOfConfig(t *testing.T) {
	for text, want := range map[string]app.Shards{
		"":    {Count: 4},
		"0":   {Count: 4, To: 1},
		"0-0": {Count: 4, To: 1},
		"1-3": {Count: 4, From: 1, To: 4},
	} {
		got, err := app.DiscordConfig{ShardCount: "4", Shards: text}.ShardRange()
		if err != nil || got != want {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

// A device has no end, and a config of a megabyte is none.
func TestLoadConfigEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(strings.Repeat("#", maxConfig+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	_, _, err := (&program{}).loadConfig(path)
	if err == nil || exitCode(err) != exitUsage || !strings.Contains(err.Error(), "more than 1048576 bytes") {
		t.Errorf("error %v, want one of wrong usage that names the limit", err)
	}
}
