package discordtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

type object = map[string]any

// HugeGuild makes a guild of many text channels and members. Its first channel
// is id + "00001".
func HugeGuild(id string, channels, members int) Guild {
	g := Guild{ID: id, Name: "Huge"}
	for i := 1; i <= channels; i++ {
		g.Channels = append(g.Channels, Channel{ID: fmt.Sprintf("%s%05d", id, i), Name: fmt.Sprintf("channel-%d", i)})
	}
	for i := 1; i <= members; i++ {
		g.Members = append(g.Members, Member{User: User{ID: fmt.Sprintf("%s9%06d", id, i), Username: fmt.Sprintf("member%d", i)}})
	}
	return g
}

func (s *Server) addGuild(g Guild) error {
	if _, err := strconv.ParseUint(g.ID, 10, 63); err != nil {
		return fmt.Errorf("add guild %q: id is not a number", g.ID)
	}
	if s.guilds[g.ID] != nil {
		return fmt.Errorf("add guild %s: already there", g.ID)
	}
	if g.OwnerID == "" {
		g.OwnerID = "1"
	}
	if g.Locale == "" {
		g.Locale = "en-US"
	}
	g.Roles = append([]Role{{ID: g.ID, Name: "@everyone", Permissions: strconv.FormatInt(DefaultPermissions, 10)}}, g.Roles...)
	g.Members = slices.Clone(g.Members)
	for i := range g.Members {
		if g.Members[i].Roles == nil {
			g.Members[i].Roles = []string{}
		}
	}
	channels := g.Channels
	g.Channels = nil
	s.guilds[g.ID] = &g
	s.guildOrder = append(s.guildOrder, g.ID)
	for _, c := range channels {
		c.GuildID = g.ID
		if err := s.addChannel(c); err != nil {
			return fmt.Errorf("add guild %s: %w", g.ID, err)
		}
	}
	return nil
}

func (s *Server) addChannel(c Channel) error {
	if _, err := strconv.ParseUint(c.ID, 10, 63); err != nil {
		return fmt.Errorf("add channel %q: id is not a number", c.ID)
	}
	if s.channels[c.ID] != nil {
		return fmt.Errorf("add channel %s: already there", c.ID)
	}
	if c.Permissions == 0 {
		c.Permissions = DefaultPermissions
	}
	s.channels[c.ID] = &c
	return nil
}

// AddGuild adds a guild and returns the GUILD_CREATE that tells of it, to be dispatched.
func (s *Server) AddGuild(g Guild) (Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.addGuild(g); err != nil {
		return Event{}, err
	}
	return Event{Type: "GUILD_CREATE", GuildID: g.ID, Data: s.guildObject(s.guilds[g.ID], true)}, nil
}

// RemoveGuild takes the bot out of a guild and returns the GUILD_DELETE that tells of it.
func (s *Server) RemoveGuild(id string) Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.guilds, id)
	s.guildOrder = slices.DeleteFunc(s.guildOrder, func(x string) bool { return x == id })
	for cid, c := range s.channels {
		if c.GuildID == id {
			delete(s.channels, cid)
		}
	}
	return Event{Type: "GUILD_DELETE", GuildID: id, Data: object{"id": id, "unavailable": false}}
}

// OutageEvent is the GUILD_DELETE of a guild that is down, not left.
func OutageEvent(guildID string) Event {
	return Event{Type: "GUILD_DELETE", GuildID: guildID, Data: object{"id": guildID, "unavailable": true}}
}

// AddChannel adds a channel or thread and returns the event that tells of it.
func (s *Server) AddChannel(c Channel) (Event, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.addChannel(c); err != nil {
		return Event{}, err
	}
	return s.channelEvent(s.channels[c.ID]), nil
}

func (s *Server) channelEvent(c *Channel) Event {
	kind := "CHANNEL_CREATE"
	o := s.channelObject(c)
	if c.Type == ChannelThread {
		kind = "THREAD_CREATE"
		o["newly_created"] = true
	}
	return Event{Type: kind, GuildID: c.GuildID, Data: o}
}

// SetPermissions sets what the bot may do in a channel, 0 being nothing, and
// returns the CHANNEL_UPDATE that tells of it.
func (s *Server) SetPermissions(channelID string, bits int64) Event {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.channels[channelID]
	if c == nil {
		return Event{}
	}
	c.Permissions = bits
	return Event{Type: "CHANNEL_UPDATE", GuildID: c.GuildID, Data: s.channelObject(c)}
}

// permissions of the bot in a channel; the lock is held.
func (s *Server) permissions(c *Channel) int64 {
	if c.Type == ChannelDM {
		return everyPermission
	}
	if p := s.channels[c.ParentID]; c.Type == ChannelThread && p != nil {
		return p.Permissions
	}
	return c.Permissions
}

func (s *Server) botMember(guildID string) object {
	return object{"user": s.BotUser(), "roles": []string{}, "joined_at": time.UnixMilli(discordEpoch).UTC(), "guild_id": guildID, "deaf": false, "mute": false}
}

func (s *Server) channelObject(c *Channel) object {
	o := object{"id": c.ID, "type": c.Type, "name": c.Name, "position": 0, "last_message_id": nil, "flags": 0}
	if c.GuildID != "" {
		o["guild_id"] = c.GuildID
	}
	switch c.Type {
	case ChannelDM:
		o["recipients"] = orEmpty(c.Recipients)
	case ChannelThread:
		o["parent_id"] = c.ParentID
		o["owner_id"] = c.OwnerID
		o["member_count"], o["message_count"] = 1, 0
		o["thread_metadata"] = object{"archived": false, "auto_archive_duration": 1440, "locked": false,
			"archive_timestamp": time.UnixMilli(discordEpoch).UTC()}
		o["member"] = object{"id": c.ID, "user_id": s.opts.AppID, "flags": 0, "join_timestamp": time.UnixMilli(discordEpoch).UTC()}
	default:
		o["topic"] = c.Topic
		o["permission_overwrites"] = []object{{"id": s.opts.AppID, "type": 1,
			"allow": strconv.FormatInt(c.Permissions, 10), "deny": strconv.FormatInt(everyPermission&^c.Permissions, 10)}}
		if c.ParentID != "" {
			o["parent_id"] = c.ParentID
		}
	}
	return o
}

// guildObject is a guild as GUILD_CREATE has it, or without channels as REST has it.
func (s *Server) guildObject(g *Guild, full bool) object {
	o := object{"id": g.ID, "name": g.Name, "owner_id": g.OwnerID, "preferred_locale": g.Locale,
		"roles": g.Roles, "emojis": []any{}, "features": []any{}, "icon": nil}
	if !full {
		return o
	}
	channels, threads := []object{}, []object{}
	for _, c := range s.sortedChannels(g.ID) {
		if c.Type == ChannelThread {
			threads = append(threads, s.channelObject(c))
		} else {
			channels = append(channels, s.channelObject(c))
		}
	}
	members := []any{s.botMember(g.ID)}
	for _, m := range g.Members {
		members = append(members, m)
	}
	o["channels"], o["threads"], o["members"] = channels, threads, members
	o["member_count"] = len(members)
	o["joined_at"] = time.UnixMilli(discordEpoch).UTC()
	o["large"] = len(members) > 250
	o["unavailable"] = false
	o["presences"], o["voice_states"], o["stage_instances"] = []any{}, []any{}, []any{}
	return o
}

func (s *Server) sortedChannels(guildID string) []*Channel {
	var list []*Channel
	for _, c := range s.channels {
		if c.GuildID == guildID {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b *Channel) int {
		if d := len(a.ID) - len(b.ID); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
	return list
}

func orEmpty[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}
