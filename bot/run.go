package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"verbatim/bot/discord"
)

// answerShare is how much of the grace, in tenths, goes to answering; the rest
// goes to sending.
const answerShare = 6

// Run serves Discord until ctx ends, then it answers what was asked, or says
// that it restarts, and returns nil. If Discord refuses it for good, it
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
	// What is in flight when ctx ends is still answered.
	serving, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	working, quit := context.WithCancel(serving)
	defer quit()
	var workers sync.WaitGroup
	for range o.Queue.Workers {
		workers.Go(func() { b.work(working, b.answers) })
		workers.Go(func() { b.work(working, b.quick) })
	}
	b.later("forget", func() { b.forgetRemoved(serving) })
	gateway := b.gateway(serving)
	ended := make(chan error, 1)
	go func() { ended <- gateway.Run(serving) }()
	select {
	case <-ctx.Done():
		b.drain(&workers, quit)
		stop()
		err = <-ended
	case err = <-ended: // Discord refused the bot for good
		b.drain(&workers, quit)
		stop()
	}
	b.events.Wait() // what is not sent by now is given up
	b.background.Wait()
	if err != nil {
		return fmt.Errorf("run bot: %w", err)
	}
	return nil
}

// gateway is the connection to Discord, whose events the bot handles.
func (b *bot) gateway(ctx context.Context) *discord.Gateway {
	o := &b.options
	g := &discord.Gateway{Client: b.api, Intents: discord.IntentsMessages, Shards: o.Shards, Log: b.log, Dial: o.Dial, Connected: o.Ready}
	if o.MessageContent {
		g.Intents |= discord.IntentMessageContent
	}
	var first sync.Once
	g.Handle = func(e discord.Event) {
		if e.Kind != "READY" {
			b.event(ctx, e)
			return
		}
		if err := b.onReady(ctx, e.Data); err != nil {
			b.log.Error("READY not understood", "error", err)
			return
		}
		first.Do(func() { b.spawn("register", func() { b.registered(ctx) }) })
	}
	return g
}

// drain lets what was asked be answered within the grace, without a model what
// has not begun, and says to the rest that the bot restarts.
func (b *bot) drain(workers *sync.WaitGroup, quit func()) {
	b.log.Info("stopping: answering what was asked")
	b.closing.Store(true)
	b.answers.Close()
	b.quick.Close()
	if !waitFor(b.options.Grace*answerShare/10, workers.Wait) {
		for _, j := range append(b.answers.Clear(), b.quick.Clear()...) {
			j.Abandon()
		}
		quit()
	}
	// Sending has its own limits; a rate limit may outlast the patience of a supervisor.
	if !waitFor(b.options.Grace*(10-answerShare)/10, func() { workers.Wait(); b.events.Wait() }) {
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

// registered makes the commands known to Discord; the bot serves without, too.
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
