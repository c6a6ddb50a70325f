package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"verbatim/answer"
	"verbatim/internal/settings"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

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
	// meanwhile, where set, is called with an answer before it is returned.
	meanwhile func(r answer.Request, a *answer.Answer)

	mu    sync.Mutex
	asked []answer.Request
	fail  error  // of every search
	only  string // source of the only article that is searched; "" means all
}

// setOnly searches one article by the number that is its source.
func (d *fakeDesk) setOnly(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.only = strconv.Itoa(n)
}

var errBroken = errors.New("disk on fire")

// now is the Desk of the bot's options.
func (d *fakeDesk) now(context.Context) (Desk, error) { return d, nil }

// deskOf returns the fake desk of a test's options.
func deskOf(o *Options) *fakeDesk {
	d, _ := o.Desk(context.Background()) // it has no error to return
	return d.(*fakeDesk)
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
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []*corpus.Article
	for _, a := range d.articles {
		if f.Admits(&a.Info) && (d.only == "" || a.Source == d.only) {
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
	if d.meanwhile != nil {
		d.meanwhile(r, a)
	}
	return a, nil
}

func (d *fakeDesk) Search(_ context.Context, r answer.SearchRequest) (*answer.SearchResult, error) {
	if d.fail != nil {
		return nil, d.fail
	}
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

func (d *fakeDesk) Article(_ context.Context, id string, scope corpus.Scope) (*corpus.Article, error) {
	for _, a := range d.admitted(retrieval.Filter{Scope: scope}) {
		if a.ID == id {
			return a, nil
		}
	}
	return nil, fmt.Errorf("article %s: %w", id, retrieval.ErrNotFound)
}

func (d *fakeDesk) Quote(ctx context.Context, ref corpus.Ref, scope corpus.Scope) (corpus.Quote, error) {
	a, err := d.Article(ctx, ref.Article, scope)
	if err != nil {
		return corpus.Quote{}, err
	}
	return corpus.NewQuote(a, ref.Span)
}

func (d *fakeDesk) Context(ctx context.Context, ref corpus.Ref, scope corpus.Scope) (answer.Around, error) {
	q, err := d.Quote(ctx, ref, scope)
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
	mu         sync.Mutex
	settings   map[string]settings.Server
	welcomed   map[string]bool
	feedback   map[string][]settings.Feedback // by user
	unanswered map[string][]string            // users by server and question
	// forgotten gets the server of each ForgetServer.
	forgotten chan string
}

func newFakeMemory() *fakeMemory {
	return &fakeMemory{settings: map[string]settings.Server{}, welcomed: map[string]bool{}, feedback: map[string][]settings.Feedback{}, forgotten: make(chan string, 10)}
}

func (m *fakeMemory) Settings(_ context.Context, server string) (settings.Server, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.settings[server], nil
}

func (m *fakeMemory) UpdateSettings(_ context.Context, server string, change func(*settings.Server) error) (settings.Server, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.settings[server]
	if err := change(&s); err != nil {
		return settings.Server{}, fmt.Errorf("change settings: %w", err)
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

func (m *fakeMemory) AddFeedback(_ context.Context, user string, f settings.Feedback) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.feedback[user] = append(m.feedback[user], f)
	return nil
}

func (m *fakeMemory) KeptOf(_ context.Context, user string) (settings.Kept, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := settings.Kept{Feedback: len(m.feedback[user])}
	if k.Feedback > 0 {
		k.Oldest, k.Newest = time.Date(2026, 8, 1, 12, 0, 0, 0, time.UTC), time.Date(2026, 8, 3, 12, 0, 0, 0, time.UTC)
	}
	return k, nil
}

func (m *fakeMemory) ForgetUser(_ context.Context, user string) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := len(m.feedback[user])
	delete(m.feedback, user)
	return n, nil
}

func (m *fakeMemory) AddUnanswered(_ context.Context, server, user, question string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.unanswered == nil {
		m.unanswered = map[string][]string{}
	}
	m.unanswered[server+" "+question] = append(m.unanswered[server+" "+question], user)
	return nil
}

func (m *fakeMemory) Unanswered(_ context.Context, server string, _ int) ([]settings.Unanswered, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []settings.Unanswered
	for key, users := range m.unanswered {
		if of, question, _ := strings.Cut(key, " "); of == server && len(users) > 1 {
			out = append(out, settings.Unanswered{Question: question, Askers: len(users), Last: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC)})
		}
	}
	return out, nil
}

func (m *fakeMemory) Servers(context.Context) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Sorted(maps.Keys(m.settings)), nil
}

func (m *fakeMemory) ForgetServer(_ context.Context, server string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.settings, server)
	delete(m.welcomed, server)
	for user, all := range m.feedback {
		m.feedback[user] = slices.DeleteFunc(all, func(f settings.Feedback) bool { return f.Server == server })
	}
	m.forgotten <- server
	return nil
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
