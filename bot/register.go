package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"verbatim/bot/discord"
)

// register makes the commands known to Discord, writing only what differs from
// what it knows. It returns how many it wrote.
func (b *bot) register(ctx context.Context, application string) (int, error) {
	path, route := discord.CommandsPath(application, b.options.DevServer)
	known, err := b.api.Commands(ctx, path, route)
	if errors.Is(err, discord.ErrGarbled) || discord.Lacks(err) {
		b.log.Info("the server does not list its commands, so all are written", "error", err)
		err = nil
	}
	if err != nil {
		return 0, err
	}
	written := 0
	var failed []error
	for _, r := range b.commands() {
		old, found := known[discord.Key(r.Command)]
		delete(known, discord.Key(r.Command))
		if found && discord.Same(old, r.Command) {
			continue
		}
		// POST replaces a command of the same name.
		if err := b.api.Do(ctx, discord.Call{Method: http.MethodPost, Path: path, Route: route, Again: true, Body: r.Command}, nil); err != nil {
			failed = append(failed, fmt.Errorf("register /%s: %w", r.Name, err))
			if s := discord.Status(err); s == http.StatusUnauthorized || s == http.StatusForbidden || s == http.StatusNotFound || ctx.Err() != nil {
				break // it will be the same with the others
			}
			continue
		}
		written++
	}
	if len(failed) > 0 {
		return written, errors.Join(failed...)
	}
	for _, c := range known {
		if c.ID == "" {
			continue
		}
		err := b.api.Do(ctx, discord.Call{Method: http.MethodDelete, Path: path + "/" + url.PathEscape(c.ID), Route: route + "/*", Again: true}, nil)
		if err != nil && discord.Status(err) != http.StatusNotFound {
			return written, fmt.Errorf("take back /%s: %w", c.Name, err)
		}
		written++
	}
	return written, nil
}
