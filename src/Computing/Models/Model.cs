// A model as it stands, and what was found out of its text when it was checked.
using Lizhou.Computing.Lineage;
using Lizhou.Contracts.Catalog;
using Lizhou.Contracts.Policy;

namespace Lizhou.Computing.Models;

/// <summary>A column of a model's result.</summary>
/// <param name="Title">Its name in the catalogue.</param>
/// <param name="Type">As the engine writes what the lake keeps of it.</param>
/// <param name="Level">At least that of everything the statement is given.</param>
/// <param name="From">By the names the statement gives its inputs.</param>
internal sealed record ModelColumn(string Name, string Title, string? Meaning, string Type, ItemType Item, int? Precision, int? Scale, Level Level, IReadOnlyList<Flow> From)
{
    /// <summary>Its item's in the catalogue; empty in versions saved before columns had one.</summary>
    public Guid Id { get; init; }

    /// <summary>Of the item it is as it is, like <see cref="Format"/>, <see cref="Codes"/> and <see cref="Element"/>: it is about the same persons and follows the same rules.</summary>
    public CheckCharacter Check { get; init; }

    public string? Format { get; init; }

    public IReadOnlyList<string>? Codes { get; init; }

    public string? Element { get; init; }

    public StatementColumn Stored => new(Name, Type);
}

/// <summary>A table a model reads.</summary>
/// <param name="Set">The resource; of a model, its id.</param>
/// <param name="Slice">Its column whose values tell which slices of the result a change touches; null: all of it.</param>
/// <param name="Given">The columns the statement is given; null: all.</param>
internal sealed record ModelInput(string Schema, string Name, Guid Set, string Title, string Table, bool IsModel, string? Slice, IReadOnlyList<string>? Given = null)
{
    public string Key => StatementLineage.Key(Schema, Name);
}

/// <param name="Deciding">What decides which rows there are.</param>
internal sealed record Found(Guid Unit, IReadOnlyList<ModelColumn> Columns, IReadOnlyList<ModelInput> Inputs, IReadOnlyList<Flow> Deciding)
{
    /// <summary>What was made of a head that says <c>survive</c>, with the decisions that were in force; null where the text has its own statement.</summary>
    public string? Statement { get; init; }

    /// <summary>A digest of all that is computed: of the text, and of what was made of it.</summary>
    public string Pinned(string text) => Statement is null ? text : ModelText.DigestOf(text + Statement);
}

/// <summary>One version of a model.</summary>
/// <param name="Table">Name of its table in the lake.</param>
/// <param name="Active">False once its file is gone.</param>
/// <param name="NextAt">When its schedule runs it; null for never. A model that follows its inputs has one until its first run: it is computed as soon as it is in force.</param>
internal sealed record Model(Guid Id, int Version, string Digest, string Text, Found Found, string By, DateTimeOffset At, bool Active, string Table, DateTimeOffset? NextAt)
{
    private ModelText? read;

    public ModelText Read => read ??= ModelText.Kept(Text);

    public FrontMatter Head => Read.Head;

    public string Name => Head.Name;

    /// <summary>The statement that is computed.</summary>
    public string Sql => Found.Statement ?? Read.Sql;

    public string Pinned => Found.Pinned(Digest);
}

/// <summary>A file of the folder as it was looked at last.</summary>
/// <param name="Problem">Why it is not in force; null when it is.</param>
internal sealed record ModelFile(string File, string Digest, Guid? Model, Lizhou.Kernel.Problem? Problem, DateTimeOffset At);
