package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"verbatim/answer"
	"verbatim/bot/discordtest"
	"verbatim/internal/api"
	"verbatim/internal/openai/openaitest"
	"verbatim/internal/settings"
)

const soldiers = "How many Afghan soldiers fled to Tajikistan?"

// configFile writes a config and returns surroundings that use it.
func configFile(t *testing.T, text string, env map[string]string) surroundings {
	t.Helper()
	s := surroundings{home: t.TempDir(), env: map[string]string{}}
	for k, v := range env {
		s.env[k] = v
	}
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	s.env["VERBATIM_CONFIG"] = path
	return s
}

func askJSONOf(t *testing.T, s surroundings, args ...string) api.Answer {
	t.Helper()
	r := runProgram(t, s, append([]string{"ask", "--json"}, args...)...)
	wellBehaved(t, r, true)
	var a api.Answer
	if err := json.Unmarshal([]byte(r.stdout), &a); err != nil {
		t.Fatalf("%v: %s%s", err, r.stdout, r.stderr)
	}
	return a
}

func TestModelMode(t *testing.T) {
	server := openaitest.New()
	server.Key = "sk-right"
	base, stop := server.Start()
	defer stop()
	text := "model:\n  name: scripted\n  base_url: " + base + "\n"
	s := configFile(t, text, map[string]string{"OPENAI_API_KEY": "sk-right"})
	a := askJSONOf(t, s, soldiers)
	if a.Mode != answer.ModeModel || len(a.Points) == 0 || len(a.Quotes) == 0 || !strings.Contains(a.Answer, "[1]") {
		t.Errorf("no answer of the model: %+v", a)
	}
	if a = askJSONOf(t, s, "--mode", "extractive", soldiers); a.Mode != answer.ModeExtractive {
		t.Errorf("mode %s", a.Mode)
	}
	s.terminal = 80
	if r := runProgram(t, s, "ask", "--no-color", soldiers); r.code != exitDone || !strings.Contains(r.stdout, "[1]") {
		t.Errorf("%+v", r)
	}
	s.terminal = 0
	r := runProgram(t, s, "doctor")
	if r.code != exitDone || !strings.Contains(r.stdout, "model: scripted at ") {
		t.Errorf("doctor: %+v", r)
	}
	// A wrong key: the answer is extractive, says so, and holds no key.
	s.env["OPENAI_API_KEY"] = "sk-wrong-and-secret"
	a = askJSONOf(t, s, soldiers)
	if a.Mode != answer.ModeExtractive || len(a.Notes) == 0 || len(a.Quotes) == 0 {
		t.Errorf("%+v", a)
	}
	r = runProgram(t, s, "--log-level", "debug", "doctor", "--json")
	wellBehaved(t, r, true)
	if r.code != exitFailed || strings.Contains(r.stdout+r.stderr, "sk-wrong-and-secret") {
		t.Errorf("doctor: %+v", r)
	}
}

func TestDailyTokens(t *testing.T) {
	server := openaitest.New()
	base, stop := server.Start()
	defer stop()
	s := configFile(t, "model:\n  name: scripted\n  base_url: "+base+"\n  daily_tokens: 10\n", nil)
	if a := askJSONOf(t, s, soldiers); a.Mode != answer.ModeModel {
		t.Errorf("the first answer: %+v", a)
	}
	a := askJSONOf(t, s, soldiers)
	if a.Mode != answer.ModeExtractive || len(a.Notes) == 0 {
		t.Errorf("over the cap: %+v", a)
	}
	if r := runProgram(t, s, "doctor"); r.code != exitDone || !strings.Contains(strings.Join(strings.Fields(r.stdout), " "), "for 1 question; 10 are allowed") {
		t.Errorf("doctor: %+v", r)
	}
	path := filepath.Join(t.TempDir(), "questions.jsonl")
	if err := os.WriteFile(path, []byte(`{"id": "1", "question": "`+soldiers+`", "answers": ["1,037"]}`+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if r := runProgram(t, s, "eval", path); r.code != exitDone || !strings.Contains(strings.Join(strings.Fields(r.stdout), " "), "some questions were answered without it") {
		t.Errorf("eval: %+v", r)
	}
	if n := len(server.Requests()); n != 3 {
		t.Errorf("%d calls, want that of the first answer and doctor's two", n)
	}
}

func TestEmbeddingsServer(t *testing.T) {
	server := openaitest.New()
	server.Key = "own"
	base, stop := server.Start()
	defer stop()
	s := configFile(t, "embeddings:\n  model: small\n  base_url: "+base+"\n", map[string]string{"VERBATIM_EMBEDDINGS_KEY": "own"})
	dir := filepath.Join(t.TempDir(), "news")
	writeStory(t, dir, "Ada Novak opened the bridge over the Morava on Thursday, the city said.")
	estimate := func(s surroundings, want string) {
		t.Helper()
		if r := runProgram(t, s, "ingest", "--dry-run", dir); r.code != exitDone || !strings.Contains(r.stdout, "would read about "+want+" tokens") {
			t.Errorf("want %s tokens: %+v", want, r)
		}
	}
	estimate(s, "18")
	if r := runProgram(t, s, "ingest", dir); r.code != exitDone {
		t.Fatalf("%+v", r)
	}
	estimate(s, "0")
	large := configFile(t, "embeddings:\n  model: large\n  base_url: "+base+"\n", s.env)
	large.home = s.home
	estimate(large, "18") // all are embedded anew
	if r := runProgram(t, s, "doctor"); r.code != exitDone || !strings.Contains(r.stdout, `"small"`) {
		t.Errorf("%+v", r)
	}
	if r := runProgram(t, s, "ask", "Who opened the bridge?"); r.code != exitDone || !strings.Contains(r.stdout, "Ada Novak") {
		t.Errorf("%+v", r)
	}
	if _, err := os.Stat(filepath.Join(s.home, "cache", "verbatim", "vectors")); err == nil {
		t.Error("the vectors of a finished ingest are kept twice")
	}
	// Without the server, words alone answer, and the answer says so.
	stop()
	a := askJSONOf(t, s, "Who opened the bridge?")
	if len(a.Quotes) == 0 || len(a.Notes) == 0 {
		t.Errorf("%+v", a)
	}
	// Back to the built-in ones: doctor names the fault, reindex mends it.
	builtIn := surroundings{home: s.home}
	if r := runProgram(t, builtIn, "doctor"); r.code != exitFailed || !strings.Contains(r.stdout, "reindex") {
		t.Errorf("%+v", r)
	}
	if r := runProgram(t, builtIn, "reindex"); r.code != exitDone {
		t.Errorf("%+v", r)
	}
	if r := runProgram(t, builtIn, "doctor"); r.code != exitDone {
		t.Errorf("%+v", r)
	}
}

func writeStory(t *testing.T, dir, text string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "story.txt"), []byte("A story\n\n"+text+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

// within bounds a wait of a test.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// lockedBuffer is a buffer for several goroutines.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(data []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(data)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// startBot runs the bot command against a Discord of the test's own.
func startBot(t *testing.T, home string, srv *discordtest.Server) (stop func() (int, string)) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte("discord:\n  api_url: "+srv.URL()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	var out lockedBuffer // the bot's goroutines write side by side
	env := map[string]string{"VERBATIM_CONFIG": path, "DISCORD_TOKEN": srv.Token()}
	p := &program{
		stdin: strings.NewReader(""), stdout: &out, stderr: &out, now: time.Now,
		getenv:    func(name string) string { return env[name] },
		configDir: func() (string, error) { return filepath.Join(home, "config"), nil },
		cacheDir:  func() (string, error) { return filepath.Join(home, "cache"), nil },
		terminal:  func(io.Writer) (int, bool) { return 0, false },
	}
	code := make(chan int, 1)
	go func() { code <- p.run(ctx, []string{"bot"}) }()
	if err := srv.WaitConnected(within(t), 1); err != nil {
		cancel()
		t.Fatalf("%v: exit code %d: %s", err, <-code, out.String())
	}
	return func() (int, string) {
		cancel()
		return <-code, out.String()
	}
}

func TestBot(t *testing.T) {
	srv, err := discordtest.New(discordtest.Options{Guilds: []discordtest.Guild{
		{ID: "100", Name: "Newsroom", Channels: []discordtest.Channel{{ID: "200", Name: "general"}}},
		{ID: "300", Name: "Elsewhere", Channels: []discordtest.Channel{{ID: "400", Name: "general"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	home := t.TempDir()
	stop := startBot(t, home, srv)
	here := discordtest.Invocation{GuildID: "100", ChannelID: "200", Permissions: discordtest.DefaultPermissions | 1<<5 | 1<<13}
	there := discordtest.Invocation{GuildID: "300", ChannelID: "400"}
	ask := func(in discordtest.Invocation, question string) string {
		t.Helper()
		reply, err := srv.Slash(in, "ask", discordtest.Option{Name: "question", Type: 3, Value: question}).Reply(within(t))
		if err != nil {
			t.Fatal(err)
		}
		data, err := json.Marshal(reply)
		if err != nil {
			t.Fatal(err)
		}
		return string(data)
	}
	// The seeds serve, while the operator has ingested nothing.
	if got := ask(here, soldiers); !strings.Contains(got, "1,037") {
		t.Errorf("on the seeds: %s", got)
	}
	// What a server ingests is its own, beside the seeds.
	story := "A bridge opens\n\nAda Novak opened the bridge over the Morava on Thursday, the city said.\n"
	file := srv.AddAttachment("200", "bridge.txt", "text/plain", []byte(story))
	call := srv.Slash(here, "ingest", discordtest.Option{Name: "file", Type: 11, Value: file})
	if _, err := call.Reply(within(t)); err != nil {
		t.Fatal(err)
	}
	if got := ask(here, "Who opened the bridge?"); !strings.Contains(got, "Ada Novak") {
		t.Errorf("its own article: %s", got)
	}
	if got := ask(there, "Who opened the bridge?"); strings.Contains(got, "Ada Novak") {
		t.Errorf("another server's article: %s", got)
	}
	if got := ask(here, soldiers); !strings.Contains(got, "1,037") {
		t.Errorf("the seeds, beside its own article: %s", got)
	}
	code, out := stop()
	if code != exitDone || strings.Contains(out, srv.Token()) {
		t.Errorf("exit code %d: %s", code, out)
	}
	// The operator's own commands still see the seeds alone.
	if r := runProgram(t, surroundings{home: home}, "sources"); !strings.Contains(r.stdout, "5 articles.") {
		t.Errorf("%+v", r)
	}
	for _, v := range srv.Violations() {
		t.Errorf("forbidden: %s", v)
	}
}

func TestBotSetUp(t *testing.T) {
	srv, err := discordtest.New(discordtest.Options{Guilds: []discordtest.Guild{
		{ID: "100", Name: "Newsroom", Channels: []discordtest.Channel{{ID: "200", Name: "general"}}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer srv.Close()
	s := configFile(t, "discord:\n  api_url: "+srv.URL()+"\n", map[string]string{"DISCORD_TOKEN": srv.Token()})
	if r := runProgram(t, s, "bot", "--invite"); r.code != exitDone || !strings.HasPrefix(r.stdout, "https://discord.com/oauth2/authorize?client_id=900000000000000001&") {
		t.Errorf("%+v", r)
	}
	r := runProgram(t, s, "bot", "--invite", "--json")
	wellBehaved(t, r, true)
	if r := runProgram(t, s, "doctor", "--discord"); r.code != exitDone || !strings.Contains(r.stdout, "discord: ") {
		t.Errorf("%+v", r)
	}
	s.env["DISCORD_TOKEN"] = "wrong-and-secret"
	if r := runProgram(t, s, "doctor", "--discord"); r.code != exitFailed || strings.Contains(r.stdout+r.stderr, "wrong-and-secret") {
		t.Errorf("%+v", r)
	}
	if r := runProgram(t, s, "bot"); r.code != exitFailed || strings.Contains(r.stderr, "wrong-and-secret") {
		t.Errorf("%+v", r)
	}
	delete(s.env, "DISCORD_TOKEN")
	for _, args := range [][]string{{"bot"}, {"bot", "--invite"}} {
		if r := runProgram(t, s, args...); r.code != exitUsage || strings.Count(r.stderr, "DISCORD_TOKEN") != 1 {
			t.Errorf("%v: %+v", args, r)
		}
	}
	if r := runProgram(t, s, "doctor", "--discord"); r.code != exitFailed || !strings.Contains(r.stdout, "DISCORD_TOKEN") {
		t.Errorf("%+v", r)
	}
}

func TestFeedbackExport(t *testing.T) {
	s := surroundings{home: t.TempDir()}
	if r := runProgram(t, s, "feedback", "export", "--json"); r.code != exitDone || !strings.Contains(r.stdout, `"questions":[]`) {
		t.Errorf("%+v", r)
	}
	path := filepath.Join(s.home, "config", "verbatim", "memory.db")
	m, err := settings.Open(t.Context(), settings.Options{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	for i, right := range []bool{false, true} {
		f := settings.Feedback{Server: "100", Answer: fmt.Sprint(i), Question: fmt.Sprintf("Who <fled> %d?", i), Refs: []string{"abc:1-2"}, Right: right, Reason: "Not \u202ehe"}
		if err := m.AddFeedback(t.Context(), "7", f); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	r := runProgram(t, s, "feedback", "export")
	wellBehaved(t, r, false)
	var q complaintJSON
	if err := json.Unmarshal([]byte(r.stdout), &q); err != nil || strings.Count(r.stdout, "\n") != 1 {
		t.Fatalf("%v: %s", err, r.stdout)
	}
	if q.Question != "Who <fled> 0?" || q.Complaint != "Not \u202ehe" || len(q.Refs) != 1 {
		t.Errorf("%+v", q)
	}
	file := filepath.Join(t.TempDir(), "complaints.jsonl")
	if err := os.WriteFile(file, []byte(r.stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	if r := runProgram(t, s, "eval", "--json", file); r.code != exitDone {
		t.Errorf("eval does not read it: %+v", r)
	}
	if r := runProgram(t, s, "feedback", "export", "--server", "200"); r.stdout != "" {
		t.Errorf("%+v", r)
	}
	for _, args := range [][]string{{"feedback"}, {"feedback", "import"}, {"feedback", "export", "now"}} {
		if r := runProgram(t, s, args...); r.code != exitUsage {
			t.Errorf("%v: %+v", args, r)
		}
	}
}
