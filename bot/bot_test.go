package bot

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"verbatim/answer"
	"verbatim/bot/discordtest"
	"verbatim/bot/discordtest/openapi"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
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

// newArticle makes an article; its sentences are the lines of body.
func newArticle(source, outlet, title string, date corpus.Date, url, body string) *corpus.Article {
	a := &corpus.Article{Body: body}
	a.ID, a.Source, a.Outlet, a.Title, a.Published, a.URL = corpus.NewID(source), source, outlet, title, date, url
	a.Bytes, a.Passages, a.BodyHash = len(body), 1, corpus.Hash(body)
	if date != "" {
		a.Basis = corpus.BasisMetadata
	}
	return a
}

func testArticles() []*corpus.Article {
	border := newArticle("seeds/border.txt", "Kabul Now", "Hundreds of soldiers cross the border", "2021-07-04", "https://example.org/border",
		"The governor spoke on Sunday.\nIn all, 1,037 soldiers crossed the river into Tajikistan, the border guard said.\nThey were let in as good neighbours.\n")
	border.Basis = corpus.BasisInferred
	second := newArticle("seeds/second.txt", "The Daily Star", "Troops flee", "2021-07-06", "",
		"More than 1,000 soldiers fled over the border.\nA total of 1,582 soldiers sought refuge, a journalist said in a tweet.\n")
	own := newArticle("discord:300/own.txt", "Own Paper", "Of another server", "2021-07-05", "", "Seven soldiers of server 300 crossed a bridge.\n")
	own.Server = "300"
	return []*corpus.Article{border, second, own}
}

// fakeDesk answers from sentences that hold a word of the question. What a
// question asks for besides: "panic", "fail", "wait" (for release).
type fakeDesk struct {
	articles []*corpus.Article
	release  chan struct{}
	mode     answer.Mode

	mu    sync.Mutex
	asked []answer.Request
}

func newFakeDesk() *fakeDesk {
	return &fakeDesk{articles: testArticles(), release: make(chan struct{}), mode: answer.ModeExtractive}
}

func (d *fakeDesk) requests() []answer.Request {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.asked)
}

func (d *fakeDesk) admitted(f retrieval.Filter) []*corpus.Article {
	var out []*corpus.Article
	for _, a := range d.articles {
		if f.Admits(&a.Info) {
			out = append(out, a)
		}
	}
	return out
}

// lines are the sentences of an article.
func lines(a *corpus.Article) []corpus.Quote {
	var out []corpus.Quote
	start := 0
	for i := range len(a.Body) {
		if a.Body[i] != '\n' {
			continue
		}
		if q, err := corpus.NewQuote(a, corpus.Span{Start: start, End: i}); err == nil && i > start {
			out = append(out, q)
		}
		start = i + 1
	}
	return out
}

func (d *fakeDesk) matching(text string, f retrieval.Filter) []corpus.Quote {
	var out []corpus.Quote
	for _, a := range d.admitted(f) {
		for _, q := range lines(a) {
			if slices.ContainsFunc(strings.Fields(strings.ToLower(text)), func(w string) bool {
				return len(w) > 3 && strings.Contains(strings.ToLower(q.Text()), strings.Trim(w, "?.,"))
			}) {
				out = append(out, q)
			}
		}
	}
	return out
}

func (d *fakeDesk) Ask(ctx context.Context, r answer.Request) (*answer.Answer, error) {
	d.mu.Lock()
	d.asked = append(d.asked, r)
	d.mu.Unlock()
	switch {
	case strings.TrimSpace(r.Question) == "":
		return nil, answer.ErrQuestion
	case strings.Contains(r.Question, "panic"):
		panic("as asked")
	case strings.Contains(r.Question, "fail"):
		return nil, errors.New("disk on fire")
	case strings.Contains(r.Question, "wait"):
		select {
		case <-d.release:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	a := &answer.Answer{Question: r.Question, Mode: d.mode, Status: answer.StatusAnswered, AsOf: "2021-07-07",
		Searched: answer.Searched{Articles: len(d.admitted(r.Filter)), From: "2021-07-04", To: "2021-07-06"}}
	found := d.matching(r.Question, r.Filter)
	if len(found) == 0 {
		a.Status, a.Text = answer.StatusNoEvidence, "The articles do not say."
		for i, art := range d.admitted(r.Filter) {
			a.Nearest = append(a.Nearest, answer.Quote{Quote: lines(art)[0], N: i + 1})
		}
		return a, nil
	}
	for i, q := range found[:min(len(found), answer.MaxQuotes)] {
		a.Quotes = append(a.Quotes, answer.Quote{Quote: q, N: i + 1})
		a.Text += fmt.Sprintf("%s [%d] ", q.Text(), i+1)
	}
	a.Sources = answer.Sources{Articles: 2, Independent: 2}
	return a, nil
}

func (d *fakeDesk) Search(_ context.Context, r answer.SearchRequest) (*answer.SearchResult, error) {
	res := &answer.SearchResult{Query: r.Query, Searched: answer.Searched{Articles: len(d.admitted(r.Filter))}}
	for i, q := range d.matching(r.Query, r.Filter) {
		res.Hits = append(res.Hits, answer.Hit{Rank: i + 1, Quote: q, Score: 1 / float64(i+1)})
	}
	return res, nil
}

func (d *fakeDesk) Sources(_ context.Context, f retrieval.Filter, text string) ([]corpus.Info, error) {
	var out []corpus.Info
	for _, a := range d.admitted(f) {
		if strings.Contains(strings.ToLower(a.ID+a.Title+a.Outlet+a.Source), strings.ToLower(text)) {
			out = append(out, a.Info)
		}
	}
	return out, nil
}

func (d *fakeDesk) Article(_ context.Context, id, server string) (*corpus.Article, error) {
	for _, a := range d.admitted(retrieval.Filter{Server: server}) {
		if a.ID == id {
			return a, nil
		}
	}
	return nil, fmt.Errorf("article %s: %w", id, retrieval.ErrNotFound)
}

func (d *fakeDesk) Quote(ctx context.Context, ref corpus.Ref, server string) (corpus.Quote, error) {
	a, err := d.Article(ctx, ref.Article, server)
	if err != nil {
		return corpus.Quote{}, err
	}
	return corpus.NewQuote(a, ref.Span)
}

func (d *fakeDesk) Context(ctx context.Context, ref corpus.Ref, server string) (answer.Around, error) {
	q, err := d.Quote(ctx, ref, server)
	around := answer.Around{Quote: q}
	if err != nil {
		return around, err
	}
	for _, s := range lines(q.Article()) {
		if s.Span().End <= ref.Start {
			around.Before = s
		}
		if s.Span().Start >= ref.End && around.After.Article() == nil {
			around.After = s
		}
	}
	return around, nil
}

func (d *fakeDesk) Find(_ context.Context, words string, f retrieval.Filter) (*answer.FindResult, error) {
	res := &answer.FindResult{Words: words}
	for _, a := range d.admitted(f) {
		if i := strings.Index(a.Body, words); i >= 0 {
			q, err := corpus.NewQuote(a, corpus.Span{Start: i, End: i + len(words)})
			if err != nil {
				return nil, err
			}
			res.Matches = append(res.Matches, answer.Quote{Quote: q, N: len(res.Matches) + 1})
		}
	}
	return res, nil
}

// fakeMemory keeps settings and feedback in maps.
type fakeMemory struct {
	mu       sync.Mutex
	settings map[string]Settings
	welcomed map[string]bool
	feedback map[string][]Feedback // by user
}

func newFakeMemory() *fakeMemory {
	return &fakeMemory{settings: map[string]Settings{}, welcomed: map[string]bool{}, feedback: map[string][]Feedback{}}
}

func (m *fakeMemory) Settings(_ context.Context, server string) (Settings, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.settings[server], nil
}

func (m *fakeMemory) UpdateSettings(_ context.Context, server string, change func(*Settings) error) (Settings, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.settings[server]
	if err := change(&s); err != nil {
		return Settings{}, fmt.Errorf("change settings: %w", err)
	}
	m.settings[server] = s
	return s, nil
}

func (m *fakeMemory) Welcome(_ context.Context, server string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	first := !m.welcomed[server]
	m.welcomed[server] = true
	return first, nil
}

func (m *fakeMemory) AddFeedback(_ context.Context, user string, f Feedback) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.feedback[user] = append(m.feedback[user], f)
	return nil
}

func (m *fakeMemory) ForgetUser(_ context.Context, user string) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.feedback[user])
	delete(m.feedback, user)
	return n, nil
}

// fakeLibrary counts what it is given.
type fakeLibrary struct {
	mu   sync.Mutex
	held map[string][]byte // by server/name
}

func (l *fakeLibrary) Ingest(_ context.Context, server, name string, data []byte) (retrieval.Report, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held == nil {
		l.held = map[string][]byte{}
	}
	l.held[server+"/"+name] = data
	return retrieval.Report{Added: 1, Refused: []retrieval.Refusal{{Source: name + "#2", Why: "it has no text"}}}, nil
}

func (l *fakeLibrary) Remove(_ context.Context, server, id string) error {
	if id != corpus.NewID("discord:"+server+"/own.txt") {
		return fmt.Errorf("remove %s: %w", id, retrieval.ErrNotFound)
	}
	return nil
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

func (w *world) ready() <-chan struct{} { return w.log.connected }

// loadSpec reads Discord's own document once; nil where there is none.
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
	srv, err := discordtest.New(server)
	check(t, err)
	for _, p := range prepare {
		p(srv)
	}
	w := &world{t: t, srv: srv, desk: newFakeDesk(), memory: newFakeMemory(), library: &fakeLibrary{},
		log: &logBuffer{t: t, connected: make(chan struct{})}, ended: make(chan error, 1)}
	var once sync.Once
	o := Options{
		Token: srv.Token(), APIURL: srv.URL(), Desk: w.desk, Memory: w.memory, Library: w.library,
		Log: slog.New(slog.NewTextHandler(w.log, &slog.HandlerOptions{Level: slog.LevelDebug})), Grace: 2 * time.Second,
		Ready:  func() { once.Do(func() { close(w.log.connected) }) },
		timing: timing{tick: 20 * time.Millisecond, backoff: 20 * time.Millisecond},
	}
	if spec := discordSpec(t); spec != nil {
		o.Transport = spec.Transport(nil, func(err error) { w.t.Error(err) })
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
	t.Fatalf("no button %q in %q", label, m.Content)
	return ""
}

var inNewsroom = discordtest.Invocation{GuildID: newsroom, ChannelID: general, User: discordtest.User{ID: "55", Username: "ann"}}
