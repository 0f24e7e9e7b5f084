// In: the text of a model. Out: what it reads, yields and comes from; or the first fault, with line and column and what to do. Nothing is kept.
using Lizhou.Computing.Lineage;
using Lizhou.Computing.Lowering;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Organisation;
using Lizhou.Contracts.Policy;
using Lizhou.Kernel;

namespace Lizhou.Computing.Models;

internal sealed record CheckedModel(ModelText Text, Found Found);

internal sealed class CheckModel(IStatements statements, ICatalog catalog, IUnits units, ModelShelf shelf, LoweringShelf lowerings, Survivors survivors, FindCircle circles, Settings settings)
{
    public async Task<Result<CheckedModel>> Run(string content, CancellationToken stop)
    {
        var read = ModelText.Read(content);
        if (read.Refused)
        {
            return read.Problem!;
        }

        var (text, models) = (read.Value, await shelf.All(stop));
        var unit = await units.ByName(text.Head.Owner, stop) ?? await units.ByCode(text.Head.Owner, stop);
        if (unit is not { Active: true })
        {
            return Problems.NoUnit.With(text.LineOf("owner"), text.Head.Owner);
        }

        var survived = text.Head.Survive is null ? null : (Result<Survived>?)await survivors.Compile(text, async name => (await Behind(models, "", name, stop)).Card, stop);
        if (survived?.Problem is { } undecided)
        {
            return undecided;
        }

        text = survived is null ? text : text with { Head = Titled(text.Head, survived.Value.Value) };
        var statement = survived?.Value.Sql;
        var parsed = await statements.Parse(statement ?? text.Sql, stop);
        if (parsed.Problem is { } fault)
        {
            return Placed(text, fault, parsed.At);
        }

        var inputs = await Inputs(text, parsed, models, stop);
        if (inputs.Refused)
        {
            return inputs.Problem!;
        }

        if (GivenColumns.Foreign(unit.Id, text.LineOf("owner"), inputs.Value) is { } foreign)
        {
            return foreign;
        }

        var asked = new Found(unit.Id, [], [], []) { Statement = statement };
        return Circle(text, models, inputs.Value) ?? await Resolve(
            text, asked, parsed, inputs.Value, await lowerings.Floors(models.FirstOrDefault(m => m.Name == text.Head.Name)?.Id, asked.Pinned(text.Digest), inputs.Value, stop), stop);
    }

    private async Task<Result<CheckedModel>> Resolve(
        ModelText text, Found asked, ParsedStatement parsed, IReadOnlyList<(ModelInput Input, ResourceCard Card)> inputs, Floors floors, CancellationToken stop)
    {
        StatementFlow flow;
        try
        {
            flow = StatementLineage.Of(parsed.Tree, (schema, name) => inputs.FirstOrDefault(i => i.Input.Schema == schema && i.Input.Name == name).Card?.Items.Select(c => c.Column).ToList());
        }
        catch (FlowFault lost)
        {
            var (line, column) = text.Place(lost.At);
            return (lost.Unknown ? Problems.UnknownColumn : Problems.CannotFollow).With(line, column, lost.Message);
        }

        var described = await statements.Describe(parsed, [.. inputs.Select(i => Input(i.Input, i.Card, null))], stop);
        if (described.Refused)
        {
            return Placed(text, described.Problem!, 0);
        }

        if (described.Value.Count != flow.Columns.Count)
        {
            return Problems.CannotFollow.With(text.Line, 1, "*");
        }

        var columns = ResultColumns.Of(text, described.Value, flow, inputs, floors);
        if (columns.Refused)
        {
            return columns.Problem!;
        }

        var slice = text.Head.Incremental is null ? -1 : columns.Value.ToList().FindIndex(c => c.Name == text.Head.Incremental);
        List<ModelInput> sliced = [.. inputs.Select(i => i.Input with { Slice = slice < 0 ? null : flow.Slices(slice, i.Input.Key) })];
        if (slice >= 0 && sliced.All(i => i.Slice is null))
        {
            return Problems.NotInSlices.With(text.LineOf("incremental"), text.Head.Incremental);
        }

        return await Tested(text, columns.Value, floors.Least, stop) ?? (Result<CheckedModel>)new CheckedModel(text, asked with { Columns = columns.Value, Inputs = sliced, Deciding = [.. flow.Deciding] });
    }

    /// <summary>The tests are run once over a result without rows, so that a fault in one is found now.</summary>
    private async Task<Problem?> Tested(ModelText text, IReadOnlyList<ModelColumn> columns, Level least, CancellationToken stop)
    {
        var named = text.Head.Checks.SelectMany(c => c.Columns).FirstOrDefault(c => columns.All(o => o.Name != c));
        if (named is not null)
        {
            return Problems.NoSuchColumn.With(text.LineOf(text.Head.Key.Contains(named) ? "key" : "tests"), text.Head.Key.Contains(named) ? "key" : "tests", named);
        }

        if (Oracle.Fault(text, columns.Select(c => c.Level).Append(least).Max()) is { } telling)
        {
            return telling;
        }

        var folder = Path.Combine(settings.Work, "models", Guid.CreateVersion7().ToString("N"));
        try
        {
            var tried = await statements.Check(new(folder, null, [.. columns.Select(c => c.Stored)], text.Head.Checks), stop);
            return tried.Refused ? Problems.BadHead.With(text.LineOf("tests"), 1, tried.Problem!.What) : null;
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>What stands behind the names of an input: the columns whose levels were counted, and no other. Whatever a statement does, what is not here cannot come to its result.</summary>
    /// <param name="snapshot">Null: the newest.</param>
    public static StatementInput Input(ModelInput input, ResourceCard card, long? snapshot) => new(new(input.Schema, input.Name), input.Table, snapshot, ItemTypes.Of(GivenColumns.Items(input, card)));

    private async Task<Result<IReadOnlyList<(ModelInput, ResourceCard)>>> Inputs(ModelText text, ParsedStatement parsed, IReadOnlyList<Model> models, CancellationToken stop)
    {
        var (found, named) = (new List<(ModelInput, ResourceCard)>(), GivenColumns.Named(parsed.Tree));
        foreach (var table in parsed.Tables)
        {
            var (model, card) = await Behind(models, table.Schema, table.Name, stop);
            if (card is null)
            {
                var (line, column) = text.Place(table.At);
                return await circles.Run(text.Head.Name, table.Name, stop) is { } round ? Problems.Cycle.With(line, column, string.Join(" ← ", round)) : Problems.UnknownTable.With(line, column, table.Name);
            }

            model ??= models.FirstOrDefault(m => m.Id == card.Id);
            found.Add((new(table.Schema, table.Name, card.Id, card.Name, card.Table, model is not null, null, GivenColumns.Of(named, card)), card));
        }

        return found;
    }

    /// <summary>What stands behind a name.</summary>
    private async Task<(Model? Model, ResourceCard? Card)> Behind(IReadOnlyList<Model> models, string schema, string name, CancellationToken stop)
    {
        var model = models.FirstOrDefault(m => m.Active && Same(m.Name, name) && (schema.Length == 0 || schema == m.Head.Layer));
        return (model, model is not null ? await catalog.Published(model.Id, stop) : schema is "" or "landing" ? await catalog.ByTable(name, stop) ?? await catalog.Published(name, stop) : null);
    }

    /// <summary>What the head says of a column goes before what its inputs call it.</summary>
    private static FrontMatter Titled(FrontMatter head, Survived survived) => head with
    {
        Columns = survived.Says.Select(s => (s.Key, Says: head.Columns.GetValueOrDefault(s.Key) is { } own ? own with { Title = own.Title ?? s.Value.Title, Meaning = own.Meaning ?? s.Value.Meaning } : s.Value))
            .Concat(head.Columns.Where(c => !survived.Says.ContainsKey(c.Key)).Select(c => (c.Key, c.Value))).ToDictionary(c => c.Item1, c => c.Item2),
    };

    /// <summary>A way from the model back to itself; null when there is none.</summary>
    private static Problem? Circle(ModelText text, IReadOnlyList<Model> models, IReadOnlyList<(ModelInput Input, ResourceCard Card)> inputs)
    {
        if (models.FirstOrDefault(m => m.Name == text.Head.Name) is not { } self)
        {
            return null;
        }

        var ways = new Queue<IReadOnlyList<Model>>(inputs.Select(i => models.FirstOrDefault(m => m.Id == i.Input.Set)).OfType<Model>().Select(m => (IReadOnlyList<Model>)[m]));
        var seen = new HashSet<Guid>();
        while (ways.TryDequeue(out var way))
        {
            if (way[^1].Id == self.Id)
            {
                var (line, column) = text.Place(null);
                return Problems.Cycle.With(line, column, string.Join(" ← ", way.Select(m => m.Name).Prepend(self.Name)));
            }

            foreach (var next in seen.Add(way[^1].Id) ? way[^1].Found.Inputs.Where(i => i.IsModel).Select(i => models.FirstOrDefault(m => m.Id == i.Set)).OfType<Model>() : [])
            {
                ways.Enqueue([.. way, next]);
            }
        }

        return null;
    }

    private static Problem Placed(ModelText text, Problem fault, long? at)
    {
        var (line, column) = text.Place(at);
        return Problems.BadSql.With(line, column, fault.What) with { Todo = fault.Todo };
    }

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
