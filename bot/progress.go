package bot

import (
	"context"
	"net/http"
	"sync"
	"time"

	"verbatim/answer"
	"verbatim/bot/discord"
	"verbatim/bot/render"
	"verbatim/retrieval/corpus"
)

// editEvery is the least time between two edits that show a part: Discord
// counts all edits of an answer together, and the last one must not wait.
const editEvery = 1500 * time.Millisecond

// editLimit bounds an edit that shows a part of an answer.
const editLimit = 5 * time.Second

// progress shows parts of a reply in the place of the acknowledgment while the
// rest is being made. It sends one edit at a time, leaves out parts that newer
// ones have overtaken, and gives up at the first edit that fails.
type progress struct {
	bot *bot
	t   *target

	mu      sync.Mutex
	next    *discord.Outgoing // to be shown
	running bool              // a goroutine takes what is next
	idle    chan struct{}     // closed when the last such goroutine has ended
	over    bool
	stopped chan struct{} // closed with over
}

func newProgress(b *bot, t *target) *progress {
	return &progress{bot: b, t: t, stopped: make(chan struct{})}
}

// show lets a part be shown as soon as it may. It does not wait for that.
func (p *progress) show(ctx context.Context, part *render.Reply) {
	out := packPart(part, p.t.plain)
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return
	}
	p.next = &out
	if p.running {
		return
	}
	idle := make(chan struct{})
	p.running, p.idle = true, idle
	ctx = context.WithoutCancel(ctx) // an edit that is given up might still come, after the last one
	p.bot.spawn("progress", func() {
		defer close(idle)
		p.run(ctx)
	})
}

func (p *progress) run(ctx context.Context) {
	ctx, cancel := context.WithDeadline(ctx, p.t.until)
	defer cancel()
	for out := p.take(); out != nil; out = p.take() {
		c := p.t.webhook(http.MethodPatch, "/messages/@original")
		c.Body, c.Again, c.Once, c.Timeout = out, false, true, editLimit
		if err := p.bot.api.Do(ctx, c, nil); err != nil {
			p.bot.log.Info("show a part of an answer", "server", p.t.server, "error", err)
			p.stop()
			continue
		}
		t := time.NewTimer(editEvery)
		select {
		case <-t.C:
		case <-p.stopped:
		}
		t.Stop()
	}
}

// take returns what is to be shown next, or nil, with which the goroutine ends.
func (p *progress) take() *discord.Outgoing {
	p.mu.Lock()
	defer p.mu.Unlock()
	out := p.next
	p.next = nil
	if p.over {
		out = nil
	}
	p.running = out != nil
	return out
}

func (p *progress) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.over {
		p.over = true
		close(p.stopped)
	}
}

// end lets no more parts be shown, and waits for one that is under way: the
// whole reply has to come last.
func (p *progress) end() {
	p.stop()
	p.mu.Lock()
	idle := p.idle
	p.mu.Unlock()
	if idle != nil {
		<-idle
	}
}

// packPart makes one message of a part of a reply, without buttons: they would
// act on half an answer. What does not fit is left out.
func packPart(r *render.Reply, plain bool) discord.Outgoing {
	part := &render.Reply{Asked: r.Asked, Title: r.Title, State: r.State, Foot: r.Foot}
	room := render.MaxDescription
	if plain {
		room = render.MaxContent - render.Units(render.Heading(r.Title, r.Asked)) - render.Units(r.Foot) - render.Units(render.SmallMark)
	}
	room -= render.Units(render.InFile) + render.MaxTitle
	for _, b := range r.Blocks {
		if b.Soft && render.Units(b.Text) > room {
			b.Text, _, _ = render.Split(b.Text, room)
		}
		if n := render.Units(b.Text) + 1; n <= room && b.Text != "" {
			part.Blocks, room = append(part.Blocks, b), room-n
		}
	}
	return render.Pack(part, plain)[0]
}

// parts collects what has come of a model's answer.
type parts struct {
	question, kind string
	understood     string
	searched       string
	found          []answer.Quote
	points         []answer.Point
	quotes         []answer.Quote // of points
}

// add takes what has come, and reports whether there is something new to show.
// Without a model nothing is shown: its answer is there too soon.
func (p *parts) add(at answer.Progress) bool {
	switch {
	case at.Understood != "":
		p.understood = at.Understood
		return false
	case at.Searched != nil:
		p.searched = render.Searched(*at.Searched)
		return false
	case at.Found != nil:
		p.found = at.Found
	case at.Points != nil:
		p.points, p.quotes = at.Points, at.Quotes
	default:
		return false
	}
	return true
}

// render shows the parts as renderAnswer does, then the quotes that no point
// needs so far, and what is going on.
func (p *parts) render() *render.Reply {
	r := &render.Reply{Asked: p.question, Title: p.kind}
	state := "the model is reading …"
	if p.understood != "" {
		r.Blocks = append(r.Blocks, render.Notes([]string{answer.UnderstoodAs + p.understood}, 0)...)
	}
	if len(p.points) > 0 {
		r.Blocks = append(r.Blocks, render.Block{Text: render.Escape(answer.Prose(p.points)), Soft: true})
		state = render.Count(len(p.points), "statement") + " checked, the model is still at work …"
	}
	needed := map[corpus.Ref]bool{}
	for i := range p.quotes {
		needed[p.quotes[i].Ref()] = true
		r.Blocks = append(r.Blocks, render.QuoteBlock(p.quotes[i].N, &p.quotes[i]))
	}
	for i := range p.found {
		if !needed[p.found[i].Ref()] && i < render.ShownQuotes {
			r.Blocks = append(r.Blocks, render.QuoteBlock(0, &p.found[i]))
		}
	}
	r.Foot = p.searched + " · " + state
	return r
}
