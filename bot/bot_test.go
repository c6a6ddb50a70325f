package bot

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"verbatim/bot/discord"
	"verbatim/bot/discordtest"
	"verbatim/bot/discordtest/openapi"
)

var update = flag.Bool("update", false, "rewrite golden files")

// testLimit is how long a test waits for what should come at once.
const testLimit = 30 * time.Second

func within(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), testLimit)
	t.Cleanup(cancel)
	return ctx
}

// shortly is the patience of a user who asks again.
func shortly(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	t.Cleanup(cancel)
	return ctx
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// bubble runs a test beside others on a fake clock, which stands still while
// anything is at work. All of a test happens in memory.
func bubble(t *testing.T, test func(t *testing.T)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC)))
		test(t)
	})
}

// world is a bot on a fake Discord.
type world struct {
	t       testing.TB
	srv     *discordtest.Server
	desk    *fakeDesk
	memory  *fakeMemory
	library *fakeLibrary
	log     *logBuffer
	stop    context.CancelFunc
	ended   chan error
}

const (
	newsroom = "100"
	general  = "200"
	askHere  = "201"
	forum    = "202"
)

func testGuilds() []discordtest.Guild {
	return []discordtest.Guild{{ID: newsroom, Name: "Newsroom", OwnerID: "77", Channels: []discordtest.Channel{
		{ID: general, Name: "general"}, {ID: askHere, Name: "ask-here"}, {ID: forum, Name: "questions", Type: discordtest.ChannelForum},
	}}, {ID: "300", Name: "Elsewhere", Channels: []discordtest.Channel{{ID: "301", Name: "general"}}}}
}

// start runs a bot until the test ends, and waits until it has connected and
// registered its commands. change may change the options.
func start(t testing.TB, server discordtest.Options, change func(*Options)) *world {
	t.Helper()
	w := launch(t, server, change)
	select {
	case <-w.ready():
	case err := <-w.ended:
		t.Fatalf("bot ended: %v", err)
	case <-within(t).Done():
		t.Fatal("bot does not connect")
	}
	w.log.wait(within(t), "commands")
	return w
}

// options are those of another bot on the same Discord.
func (w *world) options() Options {
	return Options{Token: w.srv.Token(), APIURL: w.srv.URL(), Transport: w.srv.Transport(nil), Dial: w.srv.Dial,
		Desk: w.desk.now, Settings: w.memory, Library: w.library}
}

func (w *world) ready() <-chan struct{} { return w.log.connected }

// loadSpec reads Discord's own document once; nil if there is none.
var loadSpec = sync.OnceValues(func() (*openapi.Spec, error) {
	file := os.Getenv("VERBATIM_OPENAPI")
	if file == "" {
		return nil, nil
	}
	return openapi.Load(file)
})

// discordSpec is what the requests of a test are checked against.
func discordSpec(t testing.TB) *openapi.Spec {
	t.Helper()
	spec, err := loadSpec()
	check(t, err)
	return spec
}

func TestDiscordsDocumentIsThere(t *testing.T) {
	if discordSpec(t) == nil {
		t.Skip("requests are not checked against Discord's document: VERBATIM_OPENAPI is not set")
	}
}

func launch(t testing.TB, server discordtest.Options, change func(*Options), prepare ...func(*discordtest.Server)) *world {
	t.Helper()
	if server.Guilds == nil {
		server.Guilds = testGuilds()
	}
	server.InMemory = true
	srv, err := discordtest.New(server)
	check(t, err)
	for _, p := range prepare {
		p(srv)
	}
	w := &world{t: t, srv: srv, desk: newFakeDesk(), memory: newFakeMemory(), library: &fakeLibrary{},
		log: &logBuffer{t: t, connected: make(chan struct{})}, ended: make(chan error, 1)}
	var once sync.Once
	o := Options{
		Token: srv.Token(), APIURL: srv.URL(), Desk: w.desk.now, Settings: w.memory, Library: w.library,
		Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Grace: 2 * time.Second,
		Ready:     func() { once.Do(func() { close(w.log.connected) }) },
		Transport: srv.Transport(nil), Dial: srv.Dial,
	}
	if spec := discordSpec(t); spec != nil {
		o.Transport = spec.Transport(o.Transport, func(err error) { w.t.Error(err) })
	}
	if change != nil {
		change(&o)
	}
	ctx, cancel := context.WithCancel(context.Background())
	w.stop = cancel
	go func() { w.ended <- Run(ctx, o) }()
	t.Cleanup(w.close)
	return w
}

// close stops the bot, and finds fault with every request that Discord, or a
// rule of ours, forbids, and with a token in the log.
func (w *world) close() {
	w.stop()
	select {
	case <-w.ended:
	case <-time.After(testLimit):
		w.t.Error("bot does not stop")
	}
	for _, v := range w.srv.Violations() {
		w.t.Errorf("forbidden: %s", v)
	}
	w.srv.Close()
	w.log.close()
	if w.log.has(w.srv.Token()) || w.log.has("token-") {
		w.t.Error("a token stands in the log")
	}
}

// logBuffer keeps log lines and shows them in the test's own log.
type logBuffer struct {
	t         testing.TB
	connected chan struct{}

	mu     sync.Mutex
	text   strings.Builder
	closed bool
	grown  chan struct{} // closed with every line
}

// wait blocks until the log holds text.
func (l *logBuffer) wait(ctx context.Context, text string) {
	l.t.Helper()
	for {
		l.mu.Lock()
		if strings.Contains(l.text.String(), text) {
			l.mu.Unlock()
			return
		}
		if l.grown == nil {
			l.grown = make(chan struct{})
		}
		grown := l.grown
		l.mu.Unlock()
		select {
		case <-grown:
		case <-ctx.Done():
			l.t.Fatalf("log lacks %q", text)
		}
	}
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text.Write(p)
	if l.grown != nil {
		close(l.grown)
		l.grown = nil
	}
	if !l.closed {
		l.t.Log(strings.TrimSpace(string(p)))
	}
	return len(p), nil
}

func (l *logBuffer) has(s string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Contains(l.text.String(), s)
}

func (l *logBuffer) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
}

func ask(question string, more ...discordtest.Option) []discordtest.Option {
	return append([]discordtest.Option{{Name: "question", Type: 3, Value: question}}, more...)
}

func (w *world) reply(c *discordtest.Call) discordtest.Message {
	w.t.Helper()
	m, err := c.Reply(within(w.t))
	check(w.t, err)
	return m
}

// buttonID returns the custom id of the button with a label.
func buttonID(t testing.TB, m discordtest.Message, label string) string {
	t.Helper()
	for _, row := range m.Components {
		for _, c := range row.Components {
			if c.Label == label {
				return c.CustomID
			}
		}
	}
	t.Fatalf("no button %q in %q", label, seen(m))
	return ""
}

var inNewsroom = discordtest.Invocation{GuildID: newsroom, ChannelID: general, User: discordtest.User{ID: "55", Username: "ann"}}

// seen is all text of a message, as a reader sees it from top to bottom.
func seen(m discordtest.Message) string {
	parts := []string{m.Content}
	for _, e := range m.Embeds {
		if e.Author != nil {
			parts = append(parts, e.Author.Name)
		}
		parts = append(parts, e.Title, e.Description)
		if e.Footer != nil {
			parts = append(parts, e.Footer.Text)
		}
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n")
}

// outgoing is a message as it was sent.
func outgoing(m discordtest.Message) discord.Outgoing {
	o := discord.Outgoing{Content: m.Content, Mentions: discord.Mentions{Parse: []string{}}}
	for _, e := range m.Embeds {
		copied := &discord.Embed{Title: e.Title, Description: e.Description}
		if e.Author != nil {
			copied.Author = &discord.EmbedAuthor{Name: e.Author.Name}
		}
		if e.Footer != nil {
			copied.Footer = &discord.EmbedFooter{Text: e.Footer.Text}
		}
		o.Embeds = append(o.Embeds, copied)
	}
	return o
}

// sent is all text of an outgoing message.
func sent(o discord.Outgoing) string {
	parts := []string{o.Content}
	for _, e := range o.Embeds {
		if e.Author != nil {
			parts = append(parts, e.Author.Name)
		}
		parts = append(parts, e.Title, e.Description)
		if e.Footer != nil {
			parts = append(parts, e.Footer.Text)
		}
	}
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "\n")
}
