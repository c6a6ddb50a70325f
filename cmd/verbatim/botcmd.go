package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"verbatim/bot"
	"verbatim/bot/discord"
	"verbatim/internal/app"
	"verbatim/internal/safetext"
	"verbatim/internal/settings"
)

func (p *program) botCommand() *cobra.Command {
	var invite bool
	cmd := &cobra.Command{
		Use:   "bot",
		Short: "run the Discord bot; --invite prints its address",
		Long: `Bot gives the answers of ask, search, sources, source and quote on Discord until it
is interrupted; then it finishes the answers under way and ends. The token comes
from the environment variable DISCORD_TOKEN; docs/discord.md explains how to get
one.

With --invite it prints the address at which someone who manages a server can add
the bot to it.`,
		Example: `  verbatim bot --invite
  verbatim doctor --discord
  DISCORD_TOKEN=... verbatim bot`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if invite {
				return p.invite(cmd.Context())
			}
			return p.bot(cmd.Context())
		},
	}
	cmd.Flags().BoolVar(&invite, "invite", false, "print the address that adds the bot to a server")
	return cmd
}

// botOptions returns what the config says of the bot.
func (p *program) botOptions(c app.Config, log *slog.Logger) (bot.Options, error) {
	shards, err := c.Discord.ShardRange()
	if err != nil {
		return bot.Options{}, err
	}
	d := c.Discord
	return bot.Options{
		Token: p.getenv("DISCORD_TOKEN"), APIURL: d.APIURL, MessageContent: d.MessageContent, Shards: discord.Shards(shards),
		DevServer: d.DevGuild, Thread: settings.ThreadMode(d.ThreadMode),
		Limits:    settings.Limits{User: d.Limits.User, Channel: d.Limits.Channel, Server: d.Limits.Server},
		Queue:     bot.Queue{Total: d.Limits.Queue, PerServer: d.Limits.QueuePerServer, Workers: d.Limits.Workers},
		Retention: time.Duration(d.Retention.FeedbackDays) * 24 * time.Hour, KeepRemoved: time.Duration(d.Retention.RemovedDays) * 24 * time.Hour,
		KeepUnanswered: time.Duration(d.Retention.UnansweredDays) * 24 * time.Hour,
		Grace:          d.Grace, Log: log, Now: p.now,
	}, nil
}

func (p *program) invite(ctx context.Context) error {
	c, err := p.settings()
	if err != nil {
		return err
	}
	options, err := p.botOptions(c, p.logger(c))
	if err != nil {
		return err
	}
	url, err := bot.Invite(ctx, options)
	if err != nil {
		return botError(err)
	}
	if p.flags.json {
		return p.printJSON(struct {
			URL   string   `json:"url"`
			Notes []string `json:"notes"`
		}{url, []string{}})
	}
	s := p.newScreen(p.stdout)
	s.print(safetext.Line(url) + "\n")
	return s.err
}

// botError gives an error of the bot its exit code.
func botError(err error) error {
	if errors.Is(err, bot.ErrNoToken) || errors.Is(err, bot.ErrForm) {
		return usage(err)
	}
	return err
}

func (p *program) bot(ctx context.Context) error {
	if len(p.flags.corpus) > 0 {
		return usagef("the bot answers from the catalogue and cannot be used with --corpus")
	}
	if p.flags.json {
		return usagef("the bot prints no result and cannot be used with --json")
	}
	if p.getenv("DISCORD_TOKEN") == "" {
		return usage(bot.ErrNoToken)
	}
	a, err := p.app()
	if err != nil {
		return err
	}
	w, err := a.OpenForWriting(ctx, false)
	if err != nil {
		return err
	}
	defer w.Close()
	m, err := settings.Open(ctx, settings.Options{Path: a.Places.Settings(), Now: p.now, Log: a.Log})
	if err != nil {
		return err
	}
	defer m.Close()
	if err := w.UseSettings(m); err != nil {
		return err
	}
	options, err := p.botOptions(a.Config, a.Log)
	if err != nil {
		return err
	}
	served := w.Library()
	defer served.Close()
	options.Settings, options.Library = m, served
	options.Desk = func(ctx context.Context) (bot.Desk, error) { return served.Answerer(ctx) }
	options.Ready = func() { p.notice("The bot is connected. Ctrl-C ends it.") }
	expiring, stop := context.WithCancel(ctx)
	var background sync.WaitGroup
	background.Go(func() { expire(expiring, m, a.Config.Discord.Retention, a.Log) })
	err = bot.Run(ctx, options)
	stop()
	background.Wait()
	return botError(err)
}

// expire deletes old feedback and old questions without an answer, at once and
// then once a day.
func expire(ctx context.Context, m *settings.Store, keep app.DiscordRetention, log *slog.Logger) {
	ticker := time.NewTicker(24 * time.Hour)
	defer ticker.Stop()
	for {
		if keep.FeedbackDays > 0 {
			if n, err := m.Expire(ctx, keep.FeedbackDays); err != nil && ctx.Err() == nil {
				log.Error("delete old feedback", "err", err)
			} else if n > 0 {
				log.Info("deleted old feedback", "entries", n)
			}
		}
		// What was kept before it was switched off goes too.
		if err := m.ExpireUnanswered(ctx, keep.UnansweredDays); err != nil && ctx.Err() == nil {
			log.Error("delete old questions without an answer", "err", err)
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}
