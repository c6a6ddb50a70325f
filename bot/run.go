package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"golang.org/x/sync/errgroup"

	"verbatim/bot/discord"
)

// identifyEvery is how long Discord wants between identifies that may not run
// side by side.
const identifyEvery = 5 * time.Second

// Run serves Discord until ctx ends, then it answers what was asked, or says
// that it restarts, and returns nil. Where Discord refuses it for good it
// returns ErrToken, ErrIntents, ErrShards or ErrVersion, wrapped.
func Run(ctx context.Context, o Options) error {
	o = o.withDefaults()
	if err := o.checkToken(); err != nil {
		return err
	}
	if o.Desk == nil || o.Settings == nil {
		return errors.New("run bot: Options need a Desk and Settings")
	}
	b, err := newBot(o)
	if err != nil {
		return err
	}
	plan, err := b.plan(ctx)
	if err != nil {
		return err
	}
	// What is in flight when ctx ends is still answered.
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	working, quit := context.WithCancel(serving)
	defer quit()
	var workers sync.WaitGroup
	for range o.Queue.Workers {
		workers.Go(func() { b.work(working) })
	}
	group, gateway := errgroup.WithContext(serving)
	connected := b.whenConnected(gateway, plan)
	for id := plan.from; id <= plan.to; id++ {
		s := b.shard(id, plan)
		s.handle = func(e event) {
			connected(e)
			b.event(gateway, e)
		}
		group.Go(func() error { return s.run(gateway) })
	}
	select {
	case <-ctx.Done():
	case <-gateway.Done(): // a shard was refused for good
	}
	b.drain(&workers, quit)
	stop()
	if err := group.Wait(); err != nil {
		return fmt.Errorf("run bot: %w", err)
	}
	return nil
}

// drain lets what was asked be answered within the grace, and tells the rest.
func (b *bot) drain(workers *sync.WaitGroup, quit func()) {
	b.log.Info("stopping: answering what was asked")
	b.closing.Store(true)
	b.queue.close()
	if !waitFor(b.options.Grace, workers.Wait) {
		for _, j := range b.queue.clear() {
			j.abandon()
		}
		quit()
	}
	// Sending has its own limits; a rate limit may outlast the patience of a supervisor.
	if !waitFor(b.options.timing.drain, func() { workers.Wait(); b.events.wait() }) {
		b.log.Warn("stopping with answers unsent")
	}
}

func waitFor(d time.Duration, wait func()) bool {
	done := make(chan struct{})
	go func() {
		defer close(done)
		wait()
	}()
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-done:
		return true
	case <-t.C:
		return false
	}
}

// plan is which shards this process serves, to included.
type plan struct {
	count, from, to int
	turn            *identifyTurn
}

type gatewayInfo struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Limit  struct {
		Remaining   *int `json:"remaining"`
		ResetAfter  int  `json:"reset_after"` // milliseconds
		Concurrency int  `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// plan asks Discord how many shards it wants.
func (b *bot) plan(ctx context.Context) (plan, error) {
	var g gatewayInfo
	err := b.api.Do(ctx, discord.Call{Method: http.MethodGet, Path: "/gateway/bot", Route: "/gateway/bot", Again: true}, &g)
	if discord.Status(err) == http.StatusUnauthorized {
		return plan{}, ErrToken
	}
	if err != nil {
		// A compatible server may lack the route, and Discord may be ill for a while.
		b.log.Warn("ask for the number of shards", "error", err)
	}
	b.api.Gateway.Store(g.URL)
	s := b.options.Shards
	p := plan{count: s.Count, from: s.From, to: s.To - 1}
	if p.count <= 0 {
		p.count = max(1, g.Shards)
	}
	if s.To == 0 {
		p.to = p.count - 1
	}
	if p.from < 0 || p.from > p.to || p.to >= p.count {
		return plan{}, fmt.Errorf("serve shards %d to %d of %d: no such shards", p.from, p.to, p.count)
	}
	p.turn = &identifyTurn{every: identifyEvery / time.Duration(max(1, g.Limit.Concurrency))}
	if left := g.Limit.Remaining; left != nil && *left < p.to-p.from+1 && g.Limit.ResetAfter > 0 {
		wait := time.Duration(g.Limit.ResetAfter) * time.Millisecond
		b.log.Warn("Discord lets this bot connect again only later", "wait", wait)
		p.turn.next = time.Now().Add(wait)
	}
	return p, ctx.Err()
}

func (b *bot) shard(id int, p plan) *shard {
	intents := discordgo.IntentsGuilds | discordgo.IntentsGuildMessages | discordgo.IntentsDirectMessages
	if b.options.MessageContent {
		intents |= discordgo.IntentMessageContent
	}
	return &shard{id: id, count: p.count, options: &b.options, api: b.api, intents: intents, log: b.log, turn: p.turn}
}

// whenConnected returns what looks out for the first READY of every shard:
// then the commands are registered, once, and Options.Ready is called.
func (b *bot) whenConnected(ctx context.Context, p plan) func(event) {
	var first, all sync.Once
	var up atomic.Int64
	seen := make([]sync.Once, p.to-p.from+1)
	return func(e event) {
		if e.kind != "READY" {
			return
		}
		if err := b.onReady(e.data); err != nil {
			b.log.Error("READY not understood", "error", err)
			return
		}
		first.Do(func() { b.spawn("register", func() { b.registered(ctx) }) })
		seen[e.shard-p.from].Do(func() { up.Add(1) })
		if up.Load() == int64(len(seen)) {
			all.Do(func() {
				b.log.Info("connected", "shards", len(seen))
				if b.options.Ready != nil {
					b.options.Ready()
				}
			})
		}
	}
}

// registered tells Discord of the commands; the bot serves without, too.
func (b *bot) registered(ctx context.Context) {
	if err := b.whoAmI(ctx); err != nil {
		b.log.Error("ask who the bot is", "error", err)
		return
	}
	n, err := b.register(ctx, b.self.Load().application)
	if err != nil {
		b.log.Error("register commands", "error", err)
		return
	}
	b.log.Info("commands registered", "written", n)
}
