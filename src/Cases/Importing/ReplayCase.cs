// In: a case of a log, its map, the flow. Out: the events by which our flow tells the same: the report, then for each row the acts that lead to its state. No clock is started: nobody is told today of a limit of then. Pure.
using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Lizhou.Cases.Acting;
using Lizhou.Cases.Flows;
using Lizhou.Cases.Ledger;
using Lizhou.Cases.Measuring;
using Lizhou.Kernel;

namespace Lizhou.Cases.Importing;

/// <param name="Name">Of the reporter; null: the log names none.</param>
internal sealed record Replayed(CaseWhole After, IReadOnlyList<CaseEvent> Events, string? Name, string? Phone);

internal sealed class ReplayCase
{
    /// <summary>Effects that mean the same in a log; the others need what only an act taken here has: a unit, hours, a main case, the one who did it.</summary>
    private static readonly string[] Kept = ["release", "delay", "hold", "return", "shirk", "rework", "satisfied", "unsatisfied", "close"];
    private const int LongestWord = 200;

    private readonly LogMap map;
    private readonly FlowWays ways;
    private readonly LogCase told;
    private readonly Action<string, string> unknown;
    private readonly DateTimeOffset now;
    private readonly List<CaseEvent> events = [];
    private CaseWhole whole = CaseWhole.None;
    private LogMark last = new();

    private ReplayCase(LogMap map, FlowWays ways, LogCase told, DateTimeOffset now, Action<string, string> unknown) => (this.map, this.ways, this.told, this.now, this.unknown) = (map, ways, told, now, unknown);

    /// <param name="number">Of the case here.</param>
    /// <param name="now">When it is imported.</param>
    /// <param name="unknown">Told each word the map does not know: its kind and the word.</param>
    public static Replayed Of(LogMap map, FlowWays ways, Desk desk, LogCase told, string number, DateTimeOffset now, Action<string, string> unknown)
    {
        var replay = new ReplayCase(map, ways, told, now, unknown);
        var rest = replay.Report(desk, number) ? told.Lines.Skip(1) : told.Lines;
        foreach (var line in rest)
        {
            replay.Step(line);
        }

        return new(replay.whole, replay.events, Short(replay.First(map.Name), 50), Short(replay.First(map.Phone), 30));
    }

    /// <summary>The same case of the same log has the same id, whenever it is imported: a UUIDv7 of the moment it was reported, its other bits a digest of log and number.</summary>
    public static Guid IdOf(string source, LogCase told)
    {
        Span<byte> id = stackalloc byte[16];
        SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\n{told.Key}")).AsSpan(0, 16).CopyTo(id);
        Span<byte> moment = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(moment, told.Start.ToUnixTimeMilliseconds());
        moment[2..].CopyTo(id);
        id[6] = (byte)(0x70 | (id[6] & 0x0F));
        id[8] = (byte)(0x80 | (id[8] & 0x3F));
        return new(id, bigEndian: true);
    }

    /// <returns>Whether the first row is told by it.</returns>
    private bool Report(Desk desk, string number)
    {
        var (first, flow) = (told.Lines[0], ways.Flow);
        var itself = first.At == told.Start && Target(first, flow.Start, count: false) == flow.Start;
        if (itself)
        {
            Target(first, flow.Start, count: true);
        }

        var node = Ours(map.Place, first, "place") is { } code ? desk.Nodes.Find(code)! : desk.Nodes.Centre;
        var words = string.Join(" · ", map.Words.Select(w => map.Value(first.Cells, w)).OfType<string>());
        var report = new Reported(number, node.Code, CaseSource.Log, Short(words.Length > 0 ? words : $"{map.Source} {told.Key}", 1_000)!, Short(map.Value(first.Cells, map.Address), 256) ?? "", null, null, First(map.Name) is not null || First(map.Phone) is not null);
        var mark = itself ? Mark(first) : new LogMark { Line = first.Line, Implied = map.Value(first.Cells, map.Opened) is null };
        var graded = map.Grade?.Known is not null && map.Value(first.Cells, map.Grade.Column) is { } word ? map.Grade.Known.TryGetValue(word, out var known) ? known : Unknown<Grade?>("grade", word, null) : null;
        Add(new()
        {
            Seq = 1, At = told.Start, Act = "report", State = flow.Start, Node = node.Code, Loop = node.Loop,
            Detail = new() { Report = report, Class = Ours(map.Class, first, "class"), Grade = graded, Ended = flow.States[flow.Start].Ended, Log = mark with { Source = map.Source, Case = told.Key } },
        });
        return itself;
    }

    private void Step(LogLine line)
    {
        var (from, mark) = (whole.File.State, Mark(line));
        var to = Target(line, from, count: true);
        if (ways.Flow.States[to].Ended && map.Value(line.Cells, map.Ended) is { } text)
        {
            var at = map.Moment(text) ?? Unknown<DateTimeOffset?>("ended", text, null);
            (mark, last) = (mark with { Ended = Other(at, last.Ended) }, last with { Ended = at ?? last.Ended });
        }

        var way = to == from ? [] : ways.Between(from, to);
        foreach (var act in way?.SkipLast(1) ?? [])
        {
            Add(Told(line, act, act.To!, new() { Line = line.Line, Implied = true }));
        }

        Add(Told(line, way is [.., var end] ? end : null, to, mark with { Jump = way is null }));
    }

    private CaseEvent Told(LogLine line, FlowAct? act, string to, LogMark mark)
    {
        var (file, state) = (whole.File, ways.Flow.States[to]);
        List<string> effects = [.. act?.Effects.Where(Kept.Contains) ?? []];
        var lead = act?.Has("assign") == true || (!mark.Implied && state.Waits.Contains("handler")) ? Lead(line, effects) : null;
        var @class = mark.Implied ? null : Ours(map.Class, line, kind: null);
        var late = InTime.ByLog(last.Met, last.Due, last.Ended ?? line.At) == false;
        return new()
        {
            Seq = file.Revision + 1, At = line.At, Act = act?.Name ?? "log", OldState = file.State, State = to, Node = file.Node, Loop = file.Loop,
            Detail = new()
            {
                Effects = effects, Lead = lead, Class = @class == file.Class ? null : @class, Ended = state.Ended,
                Outcome = !state.Ended || file.Ended ? null : act?.Has("merge") == true ? Outcome.Merged : Closes(to) ? late ? Outcome.Late : Outcome.Normal : file.State == ways.Flow.Start ? Outcome.Rejected : Outcome.Void,
                Log = mark,
            },
            Name = Short(map.Value(line.Cells, map.Resource), 50) ?? map.Source,
        };
    }

    /// <summary>The unit that has it from now on, where it is known and another than before.</summary>
    private Guid? Lead(LogLine line, List<string> effects)
    {
        if (map.Group?.Known is not { } units || map.Value(line.Cells, map.Group.Column) is not { } word || !units.TryGetValue(word, out var unit) || whole.Lead?.Unit == unit)
        {
            return null;
        }

        effects.AddRange(whole.Lead is null || effects.Contains("release") ? ["assign"] : ["release", "assign"]);
        return unit;
    }

    private void Add(CaseEvent e)
    {
        var happened = e with
        {
            CaseId = events.Count == 0 ? IdOf(map.Source, told) : events[0].CaseId, KnownAt = map.KnownByLog ? e.At : now, Actor = Actor.System.Id, Name = e.Name.Length > 0 ? e.Name : map.Source, Flow = ways.Flow.Version,
        };
        events.Add(happened);
        whole = Project.After(whole, happened);
    }

    private bool Closes(string state) => ways.Flow.Acts.Values.Any(a => a.To == state && a.Has("close"));

    /// <summary>The state a row leads to; that it is in, where the map does not know its word.</summary>
    private string Target(LogLine line, string from, bool count)
    {
        var word = map.Value(line.Cells, map.State.Column) ?? "";
        return !map.State.Known!.TryGetValue(word, out var state) ? Unknown("state", word, from, count) : state == LogMap.Same ? from : state;
    }

    private LogMark Mark(LogLine line)
    {
        var said = new LogMark
        {
            Line = line.Line, Word = Short(map.Value(line.Cells, map.State.Column), LongestWord), Group = Short(map.Value(line.Cells, map.Group?.Column), LongestWord), Class = Short(map.Value(line.Cells, map.Class?.Column), LongestWord),
            Met = map.Value(line.Cells, map.Met?.Column) is { } word ? map.Met!.Known!.TryGetValue(word, out var met) ? met : Unknown<bool?>("limit", word, null) : null,
            Due = map.Value(line.Cells, map.Due) is { } due ? map.Moment(due) ?? Unknown<DateTimeOffset?>("limit", due, null) : null,
            Reassigned = Count(line, map.Reassigned), Reopened = Count(line, map.Reopened),
        };
        if (map.Group?.Known is { } units && map.Value(line.Cells, map.Group.Column) is { } group && !units.ContainsKey(group))
        {
            unknown("unit", said.Group!);
        }

        var before = last;
        last = before with { Group = said.Group ?? before.Group, Class = said.Class ?? before.Class, Met = said.Met ?? before.Met, Due = said.Due ?? before.Due, Reassigned = said.Reassigned ?? before.Reassigned, Reopened = said.Reopened ?? before.Reopened };
        return said with
        {
            Group = Other(said.Group, before.Group), Class = Other(said.Class, before.Class), Met = Other(said.Met, before.Met), Due = Other(said.Due, before.Due),
            Reassigned = Other(said.Reassigned, before.Reassigned), Reopened = Other(said.Reopened, before.Reopened),
        };
    }

    private string? Ours(MappedColumn<string>? column, LogLine line, string? kind) =>
        column?.Known is not { } known || map.Value(line.Cells, column.Column) is not { } word ? null : known.TryGetValue(word, out var ours) ? ours : kind is null ? null : Unknown<string?>(kind, word, null);

    private T Unknown<T>(string kind, string word, T instead, bool count = true)
    {
        if (count)
        {
            unknown(kind, Short(word, LongestWord)!);
        }

        return instead;
    }

    private int? Count(LogLine line, int? column) => map.Value(line.Cells, column) is { } word && int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;

    private string? First(int? column) => column is null ? null : told.Lines.Select(l => map.Value(l.Cells, column)).FirstOrDefault(v => v is not null);

    private static T? Other<T>(T? now, T? before) => EqualityComparer<T>.Default.Equals(now, before) ? default : now;

    private static string? Short(string? text, int most) => text is { } long_ && long_.Length > most ? long_[..(char.IsHighSurrogate(long_[most - 1]) ? most - 1 : most)] : text;
}
