package bot

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"verbatim/bot/discord"
	"verbatim/bot/quota"
	"verbatim/bot/render"
	"verbatim/internal/settings"
)

const (
	// replyLimit is how long a handler has that Discord gives three seconds.
	replyLimit = 1500 * time.Millisecond
	// workLimit is how long a handler has whose request was acknowledged.
	workLimit = 2 * time.Minute
	// tokenLife is less than the 15 minutes that an interaction's token serves.
	tokenLife = 14*time.Minute + 30*time.Second
	// settingsLimit keeps a slow memory from delaying an acknowledgment.
	settingsLimit = 250 * time.Millisecond
	settingsLife  = time.Minute
)

// ack says how a request is acknowledged.
type ack int

const (
	ackLater  ack = iota // at once, and answered by editing that
	ackUpdate            // at once, and answered by editing the message with the button
	ackNow               // by the answer itself, which has to be quick
)

// cost says what a request takes.
type cost int

const (
	costNone     cost = iota // not limited, and done at once
	costSearch               // limited loosely; waits behind other searches only
	costQuestion             // limited as a question; waits behind other answers
)

// entry is a handler with what dispatch has to know of it.
type entry struct {
	run handler
	ack ack
	// private says that only the asker sees the reply, whatever they chose.
	private    bool
	cost       cost
	moderators bool
}

// bot is a running bot.
type bot struct {
	options Options
	api     *discord.Client
	log     *slog.Logger
	answers *quota.Queue // what a model may be asked for
	quick   *quota.Queue // what it is not, so that it does not wait behind a model
	limits  *quota.Limits
	seen    *quota.Recent
	verbs   map[string]entry
	places  *places

	self    atomic.Pointer[identity]
	closing atomic.Bool
	acking  atomic.Int64 // acknowledgments under way
	events  *quota.Tally // being handled or delivered
	// background is what goes on besides.
	background *quota.Tally

	mu       sync.Mutex // guards all below
	settings map[string]keptSettings
}

// identity is who the bot is on Discord.
type identity struct {
	application, user string
}

type keptSettings struct {
	settings.Server
	at time.Time
}

func newBot(o Options) (*bot, error) {
	api, err := discord.NewClient(o.client())
	if err != nil {
		return nil, err
	}
	b := &bot{
		options: o, api: api, log: o.Log,
		answers: quota.NewQueue(o.Queue.Total, o.Queue.PerServer), quick: quota.NewQueue(o.Queue.Total, o.Queue.PerServer), limits: quota.NewLimits(o.Now), seen: quota.NewRecent(20_000),
		places: newPlaces(), events: quota.NewTally(), background: quota.NewTally(), settings: map[string]keptSettings{},
	}
	b.verbs = b.table()
	return b, nil
}

// event takes an event from the gateway. It returns at once.
func (b *bot) event(ctx context.Context, e discord.Event) {
	var handle func(context.Context, json.RawMessage) error
	switch e.Kind {
	case "INTERACTION_CREATE":
		handle = b.onInteraction
	case "MESSAGE_CREATE":
		handle = b.onMessage
	case "MESSAGE_UPDATE":
		handle = b.onEdit
	case "GUILD_CREATE", "GUILD_DELETE", "GUILD_ROLE_UPDATE", "CHANNEL_UPDATE", "THREAD_CREATE", "THREAD_UPDATE", "THREAD_DELETE":
		if err := b.onPlace(ctx, e); err != nil {
			b.log.Warn("event not understood", "event", e.Kind, "error", err)
		}
		return
	default:
		return
	}
	b.spawn(e.Kind, func() {
		if err := handle(ctx, e.Data); err != nil {
			b.log.Warn("event not understood", "event", e.Kind, "error", err)
		}
	})
}

// spawn runs f in a goroutine that no panic leaves.
func (b *bot) spawn(what string, f func()) {
	b.events.Add(1)
	go func() {
		defer b.events.Add(-1)
		defer b.rescue(what)
		f()
	}()
}

// later runs f as spawn does, but the bot does not wait for it when it stops.
func (b *bot) later(what string, f func()) {
	b.background.Add(1)
	go func() {
		defer b.background.Add(-1)
		defer b.rescue(what)
		f()
	}()
}

func (b *bot) rescue(what string) {
	if p := recover(); p != nil {
		b.log.Error("panic", "in", what, "panic", p, "stack", string(debug.Stack()))
	}
}

// onReady learns who the bot is, before any event that follows is read.
func (b *bot) onReady(ctx context.Context, data json.RawMessage) error {
	var ready struct {
		User        discord.User `json:"user"`
		Application struct {
			ID string `json:"id"`
		} `json:"application"`
		Servers []discord.Guild `json:"guilds"`
		Shard   [2]int          `json:"shard"`
	}
	if err := discord.Decode(data, &ready); err != nil {
		return err
	}
	b.places.connected(ready.Servers)
	present := map[string]bool{}
	for _, g := range ready.Servers {
		present[g.ID] = true
	}
	b.spawn("missed", func() { b.missed(ctx, ready.Shard, present) })
	b.know(identity{application: ready.Application.ID, user: ready.User.ID})
	return nil
}

// know keeps who the bot is; what id lacks stays as it was. An application of
// today has the id of its bot.
func (b *bot) know(id identity) {
	if old := b.self.Load(); old != nil {
		id.application, id.user = cmp.Or(id.application, old.application), cmp.Or(id.user, old.user)
	}
	id.application = cmp.Or(id.application, id.user)
	b.self.Store(&id)
}

// user returns the id of the bot's own account, or "" before READY.
func (b *bot) user() string {
	if id := b.self.Load(); id != nil {
		return id.user
	}
	return ""
}

// whoAmI asks for what READY did not tell.
func (b *bot) whoAmI(ctx context.Context) error {
	if b.self.Load().user != "" {
		return nil
	}
	var me discord.User
	if err := b.api.Do(ctx, discord.Call{Method: http.MethodGet, Path: "/users/@me", Route: "/users/@me", Again: true}, &me); err != nil {
		return err
	}
	b.know(identity{user: me.ID})
	return nil
}

func (b *bot) onInteraction(ctx context.Context, data json.RawMessage) error {
	begin := time.Now()
	var i discord.Interaction
	if err := discord.Decode(data, &i); err != nil {
		return err
	}
	if i.ID == "" || i.Token == "" || !b.seen.Add(i.ID) {
		return nil
	}
	if self := b.self.Load(); i.Application == "" && self != nil {
		i.Application = self.application
	}
	t := &target{interaction: &i, channel: i.Channel, user: i.Asker(), server: i.Server, nonce: i.ID, until: begin.Add(tokenLife)}
	r, ok := newRequest(&i)
	var e entry
	if ok {
		e, ok = b.verbs[verbKey(i.Type, r.verb)]
	}
	if !ok {
		return b.respond(ctx, t, render.Say("This came from another version of me and no longer works. Please ask again with /ask."), true)
	}
	t.private = e.private || r.private || e.ack != ackUpdate && r.target != nil && r.target.Flags&discord.FlagEphemeral != 0
	r.private = t.private
	if r.told && r.server != "" {
		b.places.permitted(r.channel, r.permissions)
		t.plain = b.places.lacking(r.channel, discord.PermEmbedLinks) != 0
	}
	r.settings = b.load(ctx, r.server)
	if words := b.refuse(&e, r); words != "" {
		return b.respond(ctx, t, render.Say(words), true)
	}
	if e.ack == ackNow {
		quick, cancel := context.WithTimeout(ctx, replyLimit)
		defer cancel()
		return b.respond(ctx, t, b.run(quick, e, r), t.private)
	}
	t.update = e.ack == ackUpdate
	b.acking.Add(1)
	b.acknowledge(ctx, t)
	b.acking.Add(-1)
	b.enqueue(ctx, e, r, t)
	return nil
}

// verbKey tells apart a command, what a button does, what a modal sends and
// what is offered while an option is typed.
func verbKey(kind int, verb string) string {
	switch kind {
	case discord.InteractionComponent:
		return "button " + verb
	case discord.InteractionModal:
		return "modal " + verb
	case discord.InteractionAutocomplete:
		return "complete " + verb
	}
	return verb
}

// refuse returns the sentence for a request that is not worked on, or "".
func (b *bot) refuse(e *entry, r *request) string {
	switch {
	case b.closing.Load():
		return wordsRestart
	case e.moderators && r.server == "":
		return "This works only in a server."
	case e.moderators && !r.moderator:
		return "Only those who may manage this server can do this (permission Manage Server)."
	case e.cost == costNone:
		return ""
	case !allowed(r):
		return "The moderators of this server let only some roles ask me. Ask one of them for such a role."
	}
	return b.limit(r, e.cost)
}

func allowed(r *request) bool {
	if len(r.settings.Roles) == 0 || r.moderator || r.server == "" {
		return true
	}
	for _, have := range r.roles {
		for _, want := range r.settings.Roles {
			if have == want {
				return true
			}
		}
	}
	return false
}

// searchesPerQuestion is how many searches and page turns are let through for
// each question that is.
const searchesPerQuestion = 5

// limit counts a request and returns a sentence if it is one too many. A
// question that is not answered is given back by r.refund.
func (b *bot) limit(r *request, c cost) string {
	own := func(setting, def int) int {
		if setting > 0 {
			return min(setting, 10*def)
		}
		return def
	}
	def := b.options.Limits
	all := []quota.Quota{{Key: "user " + r.server + " " + r.user, Minute: own(r.settings.Limits.User, def.User), Whose: "You have"}}
	if r.server != "" {
		all = append(all,
			quota.Quota{Key: "channel " + r.channel, Minute: own(r.settings.Limits.Channel, def.Channel), Whose: "This channel has"},
			quota.Quota{Key: "server " + r.server, Minute: own(r.settings.Limits.Server, def.Server), Whose: "This server has"})
	}
	for i := range all {
		if c == costSearch {
			all[i].Key, all[i].Minute = "search "+all[i].Key, searchesPerQuestion*all[i].Minute
		}
	}
	over, wait := b.limits.Allow(all...)
	if over == nil {
		if c == costQuestion {
			r.refund = func() { b.limits.GiveBack(all...) }
		}
		return ""
	}
	return fmt.Sprintf("%s asked %s in a short time, which is the limit. Please ask again in %s.",
		over.Whose, render.Count(over.Minute, "question"), render.Count(int(wait/time.Second)+1, "second"))
}

// load returns the settings of a server, from a cache if it can.
func (b *bot) load(ctx context.Context, server string) settings.Server {
	if server == "" {
		return settings.Server{}
	}
	b.mu.Lock()
	kept, ok := b.settings[server]
	b.mu.Unlock()
	if ok && b.options.Now().Sub(kept.at) < settingsLife {
		return kept.Server
	}
	ctx, cancel := context.WithTimeout(ctx, settingsLimit)
	defer cancel()
	s, err := b.options.Settings.Settings(ctx, server)
	if err != nil {
		b.log.Warn("read settings", "server", server, "error", err)
		return kept.Server
	}
	b.keep(server, s)
	return s
}

func (b *bot) keep(server string, s settings.Server) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.settings[server] = keptSettings{s, b.options.Now()}
}

// enqueue lets an acknowledged request wait for a worker, or says that there
// are too many.
func (b *bot) enqueue(ctx context.Context, e entry, r *request, t *target) {
	if t.interaction != nil && !t.update {
		t.progress = newProgress(b, t)
		r.show = t.progress.show
	}
	work := func(working context.Context) {
		working, cancel := context.WithTimeout(working, workLimit)
		defer cancel()
		b.send(ctx, t, b.run(working, e, r))
	}
	if e.cost == costNone {
		b.spawn(r.verb, func() { work(ctx) })
		return
	}
	waiting := b.quick
	if e.cost == costQuestion {
		waiting = b.answers
	}
	line := r.server
	if line == "" {
		line = "user " + r.user
	}
	j := quota.Job{Run: work, Abandon: func() { b.send(ctx, t, render.Sorry(wordsRestart)) }}
	if !waiting.Push(line, j) {
		words := wordsBusy
		if b.closing.Load() {
			words = wordsRestart
		}
		b.send(ctx, t, render.Sorry(words))
	}
}

// work hands out the jobs of a queue until it is closed and empty.
func (b *bot) work(ctx context.Context, q *quota.Queue) {
	for {
		j, ok := q.Pop()
		if !ok {
			return
		}
		b.giveWay(ctx)
		func() {
			defer b.rescue("worker")
			j.Run(ctx)
		}()
	}
}

// giveWay lets acknowledgments, which have three seconds, go before an answer,
// which has minutes; for a moment only, because a slow Discord may hold them.
func (b *bot) giveWay(ctx context.Context) {
	for range 25 {
		if b.acking.Load() == 0 {
			return
		}
		pause(ctx, 10*time.Millisecond)
	}
}

// run calls the handler and makes a reply of an error or a panic.
func (b *bot) run(ctx context.Context, e entry, r *request) (rep *render.Reply) {
	defer func() {
		if p := recover(); p != nil {
			b.log.Error("panic", "in", r.verb, "panic", p, "stack", string(debug.Stack()))
			rep = render.Sorry(wordsFault)
		}
	}()
	rep, err := e.run(ctx, r)
	if err == nil && rep == nil {
		err = errors.New("handler returned nothing")
	}
	if r.refund != nil && (err != nil || rep.Unanswered) {
		r.refund()
	}
	if err == nil {
		return rep
	}
	if b.closing.Load() && ctx.Err() != nil {
		return render.Sorry(wordsRestart)
	}
	words, known := sentence(err)
	if !known {
		b.log.Error("handler", "verb", r.verb, "server", r.server, "error", err)
	}
	return render.Sorry(words)
}

// pause waits for d, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
