// In: texts and what each was found to be. Out: a model that names the likeliest for another text, with its share; as bytes, and again from them.
// Characters in ones, twos and threes are hashed: no word of a report is in the model. One thread and a seed: the same rows give the same model.
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace Lizhou.Cases.Recommending;

/// <summary>What is learned from or asked about.</summary>
internal sealed class Told
{
    /// <summary>What it was found to be; empty where that is asked.</summary>
    public string Label { get; set; } = "";

    /// <summary>As <see cref="PlainWords"/> makes it.</summary>
    public string Words { get; set; } = "";

    /// <summary>Code of the class; empty where it is not known.</summary>
    public string Class { get; set; } = "";

    /// <summary>Code of the town; empty where it is not known.</summary>
    public string Town { get; set; } = "";
}

/// <param name="Share">0 to 1; all labels together 1.</param>
internal sealed record Guess(string Label, double Share);

internal sealed class Learned : IDisposable
{
    private const int Bits = 14;
    private const int Passes = 30;
    private readonly PredictionEngine<Told, Answer> engine;
    private readonly string[] labels;
    private readonly Lock one = new();

    private Learned(MLContext ml, ITransformer model)
    {
        engine = ml.Model.CreatePredictionEngine<Told, Answer>(model);
        VBuffer<ReadOnlyMemory<char>> names = default;
        engine.OutputSchema[nameof(Answer.Score)].GetSlotNames(ref names);
        labels = [.. names.DenseValues().Select(n => n.ToString())];
    }

    /// <summary>Which trainer; what counts is chosen by measurement (docs/decisions/0023).</summary>
    internal enum Trainer
    {
        Sdca,
        Lbfgs,
        NaiveBayes,
    }

    public static byte[] From(IReadOnlyList<Told> rows, int seed, Trainer trainer = Trainer.Sdca)
    {
        var ml = new MLContext(seed);
        var text = ml.Transforms.Text;
        var model = ml.Transforms.Conversion.MapValueToKey("Key", nameof(Told.Label))
            .Append(text.TokenizeIntoCharactersAsKeys("Characters", nameof(Told.Words)))
            .Append(text.ProduceHashedNgrams("Grams", "Characters", numberOfBits: Bits, ngramLength: 3, skipLength: 0, useOrderedHashing: false))
            .Append(ml.Transforms.NormalizeLpNorm("Text", "Grams"))
            .Append(ml.Transforms.Categorical.OneHotHashEncoding([new("ClassBit", nameof(Told.Class)), new("TownBit", nameof(Told.Town))], numberOfBits: 10))
            .Append(ml.Transforms.Concatenate("Features", "Text", "ClassBit", "ClassBit", "ClassBit", "ClassBit", "TownBit")) // Four times: what the class says of the unit weighs more than any words (docs/decisions/0023).
            .AppendCacheCheckpoint(ml)
            .Append(Way(ml, trainer))
            .Fit(ml.Data.LoadFromEnumerable(rows));
        using var bytes = new MemoryStream();
        ml.Model.Save(model, ml.Data.LoadFromEnumerable<Told>([]).Schema, bytes);
        return bytes.ToArray();
    }

    public static Learned Of(byte[] bytes)
    {
        var ml = new MLContext(0);
        using var stream = new MemoryStream(bytes);
        return new(ml, ml.Model.Load(stream, out _));
    }

    /// <summary>The likeliest first.</summary>
    public IReadOnlyList<Guess> Ask(Told about, int most)
    {
        lock (one)
        {
            return [.. engine.Predict(about).Score.Select((share, i) => new Guess(labels[i], share)).OrderByDescending(g => g.Share).ThenBy(g => g.Label, StringComparer.Ordinal).Take(most)];
        }
    }

    public void Dispose() => engine.Dispose();

    private static IEstimator<ITransformer> Way(MLContext ml, Trainer trainer)
    {
        var many = ml.MulticlassClassification.Trainers;
        return trainer switch
        {
            Trainer.Lbfgs => many.LbfgsMaximumEntropy(new LbfgsMaximumEntropyMulticlassTrainer.Options { LabelColumnName = "Key", NumberOfThreads = 1, HistorySize = 5 }),
            Trainer.NaiveBayes => many.NaiveBayes("Key"),
            _ => many.SdcaMaximumEntropy(new SdcaMaximumEntropyMulticlassTrainer.Options { LabelColumnName = "Key", NumberOfThreads = 1, MaximumNumberOfIterations = Passes }),
        };
    }

    private sealed class Answer
    {
        public float[] Score { get; set; } = [];
    }
}
