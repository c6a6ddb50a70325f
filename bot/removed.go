package bot

import (
	"context"
	"errors"
	"time"

	"verbatim/bot/discord"
	"verbatim/internal/settings"
	"verbatim/retrieval"
	"verbatim/retrieval/corpus"
)

const (
	// forgetLimit bounds a deletion, for which nobody waits.
	forgetLimit = 5 * time.Minute
	// forgetEvery is how often the bot looks for servers to forget.
	forgetEvery = time.Hour
)

// notePresence keeps whether the bot is in a server. What is kept for one that it
// was removed from goes Options.KeepRemoved later. Where the bot is decides, not
// the event that led here: events of one server may overtake each other.
func (b *bot) notePresence(ctx context.Context, server string) {
	ctx, cancel := context.WithTimeout(ctx, forgetLimit)
	defer cancel()
	s, err := b.options.Settings.Settings(ctx, server)
	if err == nil && s.Removed.IsZero() != b.places.present(server) {
		_, err = b.options.Settings.UpdateSettings(ctx, server, func(s *settings.Server) error {
			switch {
			case b.places.present(server):
				s.Removed = time.Time{}
			case s.Removed.IsZero():
				s.Removed = b.options.Now().UTC()
				b.log.Info("removed from a server", "server", server, "forgotten after", b.options.KeepRemoved)
			}
			return nil
		})
	}
	if err != nil {
		b.log.Warn("note whether the bot is in a server", "server", server, "error", err)
	}
}

// missed notes which of the servers of a shard the bot was removed from while
// it was not connected. Discord gives a server to the shard id>>22 modulo their
// number.
func (b *bot) missed(ctx context.Context, shard [2]int, present map[string]bool) {
	servers, err := b.options.Settings.Servers(ctx)
	if err != nil {
		b.log.Warn("list the servers", "error", err)
		return
	}
	for _, server := range servers {
		if discord.ShardOf(server, shard[1]) == shard[0] && !present[server] {
			b.notePresence(ctx, server)
		}
	}
}

// forgetRemoved deletes, again and again until ctx ends, what is kept for
// servers that the bot was removed from long enough ago.
func (b *bot) forgetRemoved(ctx context.Context) {
	for ctx.Err() == nil {
		servers, err := b.options.Settings.Servers(ctx)
		if err != nil && ctx.Err() == nil {
			b.log.Warn("list the servers", "error", err)
		}
		for _, server := range servers {
			s, err := b.options.Settings.Settings(ctx, server)
			if err != nil || s.Removed.IsZero() || b.options.Now().Sub(s.Removed) < b.options.KeepRemoved {
				continue
			}
			if err := b.forget(ctx, server); err != nil {
				b.log.Warn("forget a server", "server", server, "error", err)
			} else {
				b.log.Info("forgot a server", "server", server)
			}
		}
		pause(ctx, forgetEvery)
	}
}

// forget deletes the articles, the settings and the feedback of a server. The
// settings go last, because they say that the rest has to.
func (b *bot) forget(ctx context.Context, server string) error {
	ctx, cancel := context.WithTimeout(ctx, forgetLimit)
	defer cancel()
	if b.options.Library != nil {
		desk, err := b.options.Desk(ctx)
		if err != nil {
			return err
		}
		infos, err := desk.Sources(ctx, retrieval.Filter{Scope: corpus.Scope{Server: server}}, "")
		if err != nil {
			return err
		}
		for i := range infos {
			if infos[i].Server != server {
				continue
			}
			id, _ := corpus.SplitID(infos[i].ID)
			if err := b.options.Library.Remove(ctx, server, id); err != nil && !errors.Is(err, retrieval.ErrNotFound) {
				return err
			}
		}
	}
	if err := b.options.Settings.ForgetServer(ctx, server); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.settings, server)
	return nil
}
